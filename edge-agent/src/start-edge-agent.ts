import { join } from 'node:path';
import { type ErrorCode, type GatewayState, WatchpostError } from '@watchpost/contracts';
import { type HardwareProfile, loadProfiles } from '@watchpost/hardware';
import { lockFolder, makeFolders, type ReleaseFolder } from '@watchpost/service';
import pino, { type Logger } from 'pino';
import { EventIntake } from './agent/event-intake.ts';
import { GatewayTroubles } from './agent/gateway-troubles.ts';
import { makeCamera } from './agent/make-camera.ts';
import { makeCodeReader } from './agent/make-code-reader.ts';
import { makeSimulated, type SimulatedSurroundings } from './agent/make-simulated.ts';
import type { RunningDevice } from './agent/running-device.ts';
import { monotonicMs } from './clock/boot-clock.ts';
import { ClockFile } from './clock/clock-file.ts';
import { CommandDesk } from './commands/command-desk.ts';
import { CommandMemory } from './commands/command-memory.ts';
import type { DeviceConfig, EdgeAgentConfig } from './config.ts';
import { DeviceHealthRecord } from './domain/device-health.ts';
import { permitMatching } from './domain/matching-permit.ts';
import { AcceptedPasses, demandedFactor } from './domain/second-factor.ts';
import { CertificateWatch, type CertificateWatchOptions } from './identity/certificate-watch.ts';
import { renewGateway } from './identity/claim-gateway.ts';
import { checkName, readIdentity } from './identity/identity-file.ts';
import { Uplink } from './link/uplink.ts';
import { type Outboxes, openOutboxes } from './outbox/open-outboxes.ts';
import { RedemptionFile } from './passes/redemption-file.ts';
import { PolicyKeeper } from './policy/policy-keeper.ts';
import { agentPolicy, diskPolicy } from './policy.ts';
import { type FaceRecognition, openFaceRecognition } from './recognition/open-face-recognition.ts';
import { SequenceTrainer } from './sensors/sequence-trainer.ts';
import { TelemetryBuffer } from './sensors/telemetry-buffer.ts';
import { type DiskTrouble, diskTrouble } from './storage/disk-trouble.ts';
import { agentVersion } from './version.ts';

/** What may be replaced around the agent. */
export interface EdgeAgentDeps {
  readonly log?: Logger;
  /** Profiles by id; by default those of the hardware package. */
  readonly profiles?: ReadonlyMap<string, HardwareProfile>;
}

/** A running gateway. */
export interface EdgeAgent {
  /** As it would be published now. */
  state(): GatewayState;
  /** Messages and files that were refused, by error code. */
  refused(): Readonly<Partial<Record<ErrorCode, number>>>;
  /** Stops every source, says `offline` and closes the files; within two seconds. */
  stop(): Promise<void>;
}

/**
 * Starts everything of one gateway and settles when models are loaded and all sources run; it does not wait for the broker.
 * @throws WatchpostError `config.invalid`, `config.data_folder`, and those of models and gallery; nothing is left running then.
 */
export async function startEdgeAgent(config: EdgeAgentConfig, deps: EdgeAgentDeps = {}): Promise<EdgeAgent> {
  const folder = takeFolder(config.dataFolder);
  try {
    const agent = await startIn(folder, config, deps);
    return { ...agent, stop: () => agent.stop().finally(folder.release) };
  } catch (error) {
    folder.release();
    throw error;
  }
}

async function startIn(
  { trouble: folderTrouble }: GatewayFolder,
  config: EdgeAgentConfig,
  deps: EdgeAgentDeps,
): Promise<EdgeAgent> {
  const log = deps.log ?? pino({ name: 'edge-agent', level: config.logLevel });
  const profiles = profilesOf(config, deps.profiles ?? loadProfiles());
  const certificate = watchCertificate(config, log, {
    onChanged: () => uplink.reconnect(),
    onHealth: () => uplink.stateChanged(),
  });
  const refused: Partial<Record<ErrorCode, number>> = {};
  const refuse = ({ code, path }: WatchpostError, what: string) => {
    refused[code] = (refused[code] ?? 0) + 1;
    log.warn({ code, path }, what);
  };

  const count = (code: ErrorCode) => {
    refused[code] = (refused[code] ?? 0) + 1;
  };
  const unwritable = (file: string) => (error: unknown) => {
    const code = diskTrouble(error) ?? 'edge.disk_unwritable';
    count(code);
    log.error({ code, file, err: (error as Error).message }, 'file not written');
  };
  const clockFile = new ClockFile(join(config.dataFolder, 'clock.json'), unwritable('clock.json'));
  const { clock } = clockFile;
  const outboxes = openOutboxes(config, {
    clock,
    log,
    folderTrouble,
    onCorrupt: (file) => {
      count('edge.outbox_corrupt');
      log.error({ code: 'edge.outbox_corrupt', file }, 'outbox set aside');
    },
  });
  const { outbox, overflow } = outboxes;
  const redemptions = config.passes.countUses
    ? openRedemptions(config.dataFolder, outboxes, (file) => {
        count('edge.ledger_unusable');
        log.error({ code: 'edge.ledger_unusable', file }, 'counts of pass uses set aside');
      })
    : null;
  const policy = new PolicyKeeper({
    path: join(config.dataFolder, 'policy.json'),
    site: config.site,
    gateway: config.gateway,
    keys: config.policy.keys,
    onUnwritable: unwritable('policy.json'),
  });
  const troubles = new GatewayTroubles(clock, outboxes, log);
  let recognition: FaceRecognition | null = null;
  const devices = new Map<string, RunningDevice>();
  const telemetry = new TelemetryBuffer(clock);
  const trainer = new SequenceTrainer();

  const state = (status: GatewayState['status']): GatewayState => ({
    status,
    time: new Date().toISOString(),
    version: agentVersion,
    // The state counts from the other side: gateway minus server.
    clockOffsetMs: clock.offsetMs === null ? null : 0 - clock.offsetMs,
    clockSource: clock.source,
    epoch: outbox.epoch as GatewayState['epoch'],
    outboxDepth: outbox.depth + (overflow?.depth ?? 0),
    devices: lastWord ?? [...devices.values()].map(({ health }) => health.snapshot()),
    ...(certificate ? { certificate: certificate.health } : {}),
    ...(troubles.now.length > 0 ? { errors: [...troubles.now] } : {}),
    eventsRefused: outbox.refused + (overflow?.refused ?? 0),
  });
  /** The devices as they were when the agent began to stop: what ends after that was not lost. */
  let lastWord: GatewayState['devices'] | undefined;
  const applyPolicy = () => {
    for (const entry of policy.current?.gallery.withdrawn ?? []) recognition?.gallery.remove(entry);
  };

  const commands = new CommandDesk({
    clock,
    memory: new CommandMemory(join(config.dataFolder, 'commands.json'), unwritable('commands.json')),
    targets: {
      restartDevice: (id) => deviceOf(devices, id).restart(),
      trigger: (id, action, value) => {
        const { trigger } = deviceOf(devices, id);
        if (!trigger) throw new WatchpostError('wire.schema', { path: '/device' });
        trigger(action, value);
      },
    },
  });
  const guarded = async (what: string, work: () => void | Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (error instanceof WatchpostError) refuse(error, what);
      else log.error({ err: error }, what);
    }
  };
  const uplink = new Uplink({
    broker: config.broker,
    site: config.site,
    gateway: config.gateway,
    log,
    outbox,
    overflow,
    clock: clockFile,
    telemetry,
    telemetryEveryMs: config.telemetryEveryMs,
    state,
    onCommand: (payload, retained) =>
      void guarded('command refused', async () => {
        const reply = await commands.receive(payload, retained);
        if (reply.error === 'edge.command_retained')
          refuse(new WatchpostError(reply.error), 'command refused');
        uplink.reply(JSON.stringify(reply));
      }),
    onPolicy: (payload) =>
      void guarded('policy refused', () => {
        if (!policy.receive(payload)) return;
        applyPolicy();
        log.info({ version: policy.current?.version }, 'policy in force');
      }),
    onRefused: (error) => refuse(error, 'receipt refused'),
  });

  const intake = new EventIntake({ outbox, overflow, log, onStored: () => uplink.eventStored() });
  const acceptedPasses = new AcceptedPasses();
  const faces = loadFaces(config).then((loaded) => {
    recognition = loaded;
    // Before the first frame is looked at.
    applyPolicy();
    return loaded;
  });
  // Awaited below and by each camera; this keeps an early failure from being unhandled meanwhile.
  faces.catch(() => undefined);
  const around: SimulatedSurroundings = {
    config,
    log,
    faces,
    clock,
    permit: () =>
      clock.isUnknown
        ? { allowed: false, error: 'edge.clock_unknown' }
        : permitMatching(
            policy.current,
            config.policy.require,
            recognition?.galleryDigest ?? '',
            clock.nowMs(),
          ),
    revokedPasses: () => policy.revokedPasses,
    secondFactor: (zone, atMs) => {
      const demanded = demandedFactor(policy.current, recognition?.certifiedLiveness ?? false);
      return {
        demanded,
        met: demanded === 'none' || (demanded === 'pass' && acceptedPasses.covers(zone, atMs)),
      };
    },
    take: (draft, health) => {
      if (draft.type === 'watchpost.pass.accepted.v1') acceptedPasses.note(draft.zone, draft.capturedAtMs);
      intake.take(draft, health);
    },
    redeem: redemptions?.redeem ?? null,
    measured: (sample) => telemetry.add(sample),
    series: { folder: join(config.dataFolder, 'series'), trainer, log, refuse },
  };
  for (const device of config.devices) {
    const health = new DeviceHealthRecord(device.id, monotonicMs, () => uplink.stateChanged());
    const profile = profiles.get(device.id) as HardwareProfile;
    devices.set(device.id, makeDevice(device, profile, health, around));
  }

  const rounds = setInterval(() => {
    checkSilence(devices.values());
    if (troubles.look()) uplink.stateChanged();
  }, agentPolicy.roundMs);
  const diskRounds = setInterval(() => outbox.retry(), diskPolicy.retryMs);
  const stop = async () => {
    lastWord = [...devices.values()].map(({ health }) => health.snapshot());
    clearInterval(rounds);
    clearInterval(diskRounds);
    certificate?.stop();
    await Promise.all([...devices.values()].map((device) => device.stop()));
    trainer.stop();
    await uplink.stop();
    await recognition?.close();
    clockFile.keep();
    outbox.close();
    overflow?.close();
    redemptions?.close();
  };

  await guarded('kept policy refused', () => policy.restore());
  uplink.start();
  certificate?.start();
  for (const device of devices.values()) device.start();
  try {
    await faces;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    state: () => state(uplink.connected ? 'online' : 'offline'),
    refused: () => ({ ...refused }),
    stop,
  };
}

/** What counts uses of passes; on a disk that takes nothing it counts none, and so no pass is accepted. */
function openRedemptions(
  folder: string,
  outboxes: Outboxes,
  onCorrupt: (file: string) => void,
): (Pick<RedemptionFile, 'redeem'> & { close(): void }) | null {
  try {
    const file = new RedemptionFile({ path: join(folder, 'redemptions.sqlite'), onCorrupt });
    return {
      redeem: (claims, proof, atMs) => file.redeem(claims, proof, atMs),
      close: () => file.close(),
    };
  } catch (cause) {
    if (outboxes.trouble() !== null && diskTrouble(cause) !== null) {
      return {
        redeem: () => {
          throw new WatchpostError('edge.ledger_unusable', { cause });
        },
        close: () => undefined,
      };
    }
    outboxes.close();
    throw cause;
  }
}

function makeDevice(
  device: DeviceConfig,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  around: SimulatedSurroundings,
): RunningDevice {
  switch (device.kind) {
    case 'camera':
      return makeCamera(device, profile, health, around);
    case 'code_reader':
      return makeCodeReader(device, profile, health, around);
    default:
      return makeSimulated(device, profile, health, around);
  }
}

/** Judged by the gateway's own clock, as TLS does. */
function watchCertificate(
  { broker, site, gateway }: EdgeAgentConfig,
  log: Logger,
  events: Pick<CertificateWatchOptions, 'onChanged' | 'onHealth'>,
): CertificateWatch | undefined {
  const { certFile, keyFile, caFile, renewUrl } = broker;
  if (certFile === undefined || keyFile === undefined) return undefined;
  checkName(readIdentity(certFile, keyFile), site, gateway);
  const renew =
    renewUrl === undefined || caFile === undefined
      ? undefined
      : () => renewGateway({ ca: caFile, gateway: certFile }, renewUrl);
  return new CertificateWatch({
    certFile,
    keyFile,
    renew,
    log,
    now: Date.now,
    random: Math.random,
    ...events,
  });
}

function loadFaces({ devices, gallery, models }: EdgeAgentConfig): Promise<FaceRecognition | null> {
  const wanted = devices.some((device) => device.kind === 'camera' && device.faces);
  return wanted && gallery ? openFaceRecognition(gallery, models) : Promise.resolve(null);
}

function deviceOf(devices: ReadonlyMap<string, RunningDevice>, id: string): RunningDevice {
  const device = devices.get(id);
  if (device) return device;
  throw new WatchpostError('wire.unknown_device', { path: '/device' });
}

function checkSilence(devices: Iterable<RunningDevice>): void {
  for (const { health, silentAfterMs } of devices) {
    const last = health.lastReadingAt;
    if (silentAfterMs !== undefined && last !== null && monotonicMs() - last > silentAfterMs)
      health.set('lost', 'edge.source_lost');
  }
}

/** The profile of each device by the device's id. */
function profilesOf(
  { devices }: EdgeAgentConfig,
  known: ReadonlyMap<string, HardwareProfile>,
): ReadonlyMap<string, HardwareProfile> {
  const complain = (index: number, device: DeviceConfig, expected: string) =>
    new WatchpostError('config.invalid', {
      path: `/devices/${index}/profile`,
      details: { profile: device.profile, expected },
    });
  return new Map(
    devices.map((device, index) => {
      const profile = known.get(device.profile);
      if (!profile) throw complain(index, device, [...known.keys()].join(' '));
      if (profile.kind !== device.kind) throw complain(index, device, `a profile of a ${device.kind}`);
      if (device.kind === 'code_reader' && !profile.drivers.includes(device.driver))
        throw complain(index, device, `a profile with the driver ${device.driver}`);
      return [device.id, profile];
    }),
  );
}

interface GatewayFolder {
  /** Why the folder cannot be used; the gateway runs without it then. */
  readonly trouble: DiskTrouble | null;
  readonly release: ReleaseFolder;
}

/**
 * Makes the folder and takes it. A disk that is full or read-only stops no alarm: there nobody can take it, and nobody needs to.
 * @throws WatchpostError `config.data_folder` when another process uses it, or the path can be no folder
 */
function takeFolder(folder: string): GatewayFolder {
  const trouble = makeFolder(folder);
  const free: ReleaseFolder = () => undefined;
  if (trouble !== null) return { trouble, release: free };
  try {
    return { trouble, release: lockFolder(folder) };
  } catch (error) {
    if (error instanceof WatchpostError && error.cause !== undefined && diskTrouble(error.cause) !== null)
      return { trouble, release: free };
    throw error;
  }
}

/** Makes the data folder. @returns what keeps it from being written, if that is the disk's fault. */
function makeFolder(folder: string): DiskTrouble | null {
  try {
    makeFolders(folder);
    return null;
  } catch (cause) {
    const trouble = diskTrouble(cause);
    if (trouble !== null) return trouble;
    throw new WatchpostError('config.data_folder', { path: '/dataFolder', cause });
  }
}
