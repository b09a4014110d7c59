import { join } from 'node:path';
import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { DeviceChanges } from '@watchpost/contracts/site';
import type { GatewayState } from '@watchpost/contracts/wire';
import { type HardwareProfile, loadProfiles } from '@watchpost/hardware';
import pino, { type Logger } from 'pino';
import { CanarySender } from './agent/canary.ts';
import { DeviceRoster, type ToldDevices, type UnusableDevice } from './agent/device-roster.ts';
import { DeviceSet } from './agent/device-set.ts';
import { EventIntake } from './agent/event-intake.ts';
import { type GatewayFiles, openGatewayFiles } from './agent/gateway-files.ts';
import { gatewayState } from './agent/gateway-state.ts';
import { GatewayTroubles } from './agent/gateway-troubles.ts';
import { Refusals } from './agent/refusals.ts';
import { serverMessages } from './agent/server-messages.ts';
import { tryCamera } from './camera/try-camera.ts';
import { monotonicMs } from './clock/boot-clock.ts';
import { CommandHandler, type CommandTargets } from './commands/command-handler.ts';
import type { EdgeAgentConfig } from './config.ts';
import type { DeviceContext } from './devices/device-context.ts';
import { DeviceHealthRecord } from './devices/device-health.ts';
import { makeDevice } from './devices/registry.ts';
import { SequenceTrainer } from './devices/temperature/sequence-trainer.ts';
import { sharedConnections } from './drivers/shared-connections.ts';
import { watchCertificate } from './identity/watch-certificate.ts';
import { Uplink } from './link/uplink.ts';
import { TelemetryBuffer } from './outbox/telemetry-buffer.ts';
import { passCounterOf } from './passes/ask-pass-use.ts';
import type { Redemptions } from './passes/open-redemptions.ts';
import { PassUses } from './passes/pass-uses.ts';
import { AccessConditions } from './policy/access-conditions.ts';
import { agentPolicy, diskPolicy } from './policy.ts';
import { FaceModels } from './recognition/face-models.ts';
import { type OpenGallery, openConfiguredGallery } from './recognition/open-gallery.ts';
import { type GatewayFolder, takeFolder } from './storage/gateway-folder.ts';
import { secretPlace } from './storage/secret-place.ts';
import { CameraProber } from './told/camera-prober.ts';
import { type DoorAccess, fetchCameraProbe, sendProbeResult, sendStill } from './told/door-client.ts';
import { ServerWord, type ServerWordOptions } from './told/server-word.ts';
import { StillSender } from './told/still-sender.ts';

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
  /**
   * Applies what it is told now of its devices, one by one: those of which it is told the same are not
   * touched. Whatever else of a configuration is another one counts from the next start.
   */
  apply(told: ToldDevices, unusable?: readonly UnusableDevice[]): Promise<DeviceChanges>;
  /** Stops every source, says `offline` and closes the files; within two seconds. */
  stop(): Promise<void>;
}

/**
 * Starts everything of one gateway and settles when models are loaded and all sources run; it does not wait
 * for the broker.
 * @throws WatchpostError `config.invalid`, `config.data_folder`, and those of models and gallery; nothing is
 *   left running then.
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
  const certificate = watchCertificate(config, log, {
    onChanged: () => uplink.reconnect(),
    onHealth: () => uplink.stateChanged(),
  });
  const refusals = new Refusals(log);
  const files = openGatewayFiles(config, { log, folderTrouble, refusals });
  const { clockFile, outboxes, policy } = files;
  const { clock } = clockFile;
  const { outbox, overflow } = outboxes;
  const troubles = new GatewayTroubles(clock, outboxes, log);
  const devices = new DeviceSet();
  let { hooks, passes } = config;
  const telemetry = new TelemetryBuffer(clock);
  const trainer = new SequenceTrainer();
  const word =
    config.told &&
    serverWord(config, config.told, log, {
      clock,
      apply: (told, unusable) => apply(told, unusable),
      onPermit: () => conditions.applyPolicy(),
      onChange: () => uplink.stateChanged(),
      onUnwritable: refusals.unwritable,
    });
  const lawful = {
    get current() {
      return word?.permit ?? policy.current;
    },
  };
  const conditions = new AccessConditions({
    ...{ policy: lawful, clock, policyRequired: config.policy.require },
    passTimes: () => passes,
  });
  const state = (status: GatewayState['status']) =>
    gatewayState({ clock, outboxes, devices, certificate, troubles, word }, status);
  const commands = new CommandHandler({
    ...{ clock, memory: files.commands },
    targets: {
      restartDevice: (device) => devices.restartDevice(device),
      trigger: (device, action, value) => devices.trigger(device, action, value),
      sendStill: stillSender(config, word, devices, log),
      probeCamera: cameraProber(config, word, log),
    },
  });
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
    ...serverMessages({
      ...{ commands, policy, conditions, refusals, log },
      reply: (payload) => uplink.reply(payload),
    }),
    ...(word
      ? {
          onAnnounced: (topic, payload, retained) => word.announced(topic, payload, retained),
          onDown: () => word.linkEnded(),
        }
      : {}),
  });

  const intake = new EventIntake({ outbox, overflow, log, onStored: () => uplink.eventStored() });
  const canary = new CanarySender({
    ...{ gateway: config.gateway, outboxes: overflow ? [outbox, overflow] : [outbox], log },
    ...{ nowMs: () => clock.nowMs(), onStored: () => uplink.eventStored() },
  });
  const faces = new FaceModels(config.models, gallerySource(config, word), (recognition) =>
    conditions.useRecognition(recognition),
  );
  const context: Omit<DeviceContext, 'config' | 'faces' | 'redeem'> = {
    log,
    clock,
    permit: () => conditions.permit(),
    revokedPasses: () => (word?.permit ? word.revokedPasses : policy.revokedPasses),
    passListExpired: () => conditions.passListExpired(),
    secondFactor: (zone, atMs) => conditions.secondFactor(zone, atMs),
    take: (draft, health) => {
      if (draft.type === 'watchpost.pass.accepted.v1')
        conditions.passAccepted(draft.zone, draft.capturedAtMs);
      intake.take(draft, health);
    },
    shared: sharedConnections({
      ...{ config, log, clock },
      hooks: () => hooks,
      onStray: (error) => {
        troubles.stray(error.code);
        refusals.refuse(error, 'call of no device refused');
      },
      onUnwritable: (file, error) => refusals.unwritable(file)(error),
      onCorrupt: (file) => refusals.setAside('edge.hook_memory', file, 'memory of calls set aside'),
    }),
    measured: (sample) => telemetry.add(sample),
    series: { folder: join(config.dataFolder, 'series'), trainer, log, refuse: refusals.refuse },
  };
  const passUses = openPassUses(config, files, { clock, log });
  const roster = new DeviceRoster({
    devices,
    profiles: deps.profiles ?? loadProfiles(),
    make: ({ device, profile }, told) =>
      makeDevice(
        device,
        profile,
        new DeviceHealthRecord(device.id, monotonicMs, () => uplink.stateChanged()),
        {
          ...context,
          config: { ...config, ...told },
          faces: faces.loaded,
          redeem: redeemerOf(files.redemptions(told.passes.countUses), passUses),
        },
      ),
    prepare: (told) => faces.loadFor(told.devices),
    log,
  });
  // Before the devices, because it says whether there are faces to look for.
  await word?.restorePermit();
  const begun = word?.fileSays(config) ?? config;
  // Begun before the cameras are made, which wait for it; awaited below.
  const recognition = faces.loadFor(begun.devices);
  recognition.catch(() => undefined);
  roster.begin(begun);

  const apply: EdgeAgent['apply'] = async (told, unusable) => {
    ({ hooks, passes } = told);
    canary.apply(told.canary);
    const changes = await roster.apply(told, unusable);
    uplink.stateChanged();
    return changes;
  };
  const rounds = setInterval(() => {
    devices.checkSilence();
    if (troubles.look()) uplink.stateChanged();
  }, agentPolicy.roundMs);
  const diskRounds = setInterval(() => outbox.retry(), diskPolicy.retryMs);
  const stop = async () => {
    clearInterval(rounds);
    clearInterval(diskRounds);
    canary.stop();
    certificate?.stop();
    await word?.stop();
    // Before the files that hold what is being decided.
    await passUses?.stop();
    await roster.close();
    await devices.stop();
    trainer.stop();
    await uplink.stop();
    await faces.close();
    files.close();
  };

  await refusals.guarded('kept policy refused', () => policy.restore());
  uplink.start();
  canary.apply(begun.canary);
  passUses?.start();
  certificate?.start();
  devices.start();
  await word?.restorePart();
  try {
    await recognition;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    state: () => state(uplink.connected ? 'online' : 'offline'),
    refused: () => refusals.counts,
    apply: (told, unusable) => apply(word?.fileSays(told) ?? told, unusable),
    stop,
  };
}

/** Where uses are counted over all gateways of the site; undefined where this one counts alone. */
function openPassUses(
  config: EdgeAgentConfig,
  files: GatewayFiles,
  { clock, log }: Pick<DeviceContext, 'clock' | 'log'>,
): PassUses | undefined {
  const ask = passCounterOf(config, config.told && doorAccessOf(config, config.told));
  const ledger = () => {
    const found = files.redemptions(true);
    if (!found) throw new WatchpostError('edge.ledger_unusable');
    return found;
  };
  return ask && new PassUses({ ask, ledger, nowMs: () => clock.nowMs(), log });
}

/** What counts a use for a device; null where uses are not counted. */
function redeemerOf(ledger: Redemptions | null, passUses: PassUses | undefined): DeviceContext['redeem'] {
  if (!ledger) return null;
  if (passUses) return (shown) => passUses.redeem(shown);
  return ({ claims, proof, atMs }) => ledger.redeem(claims, proof, atMs);
}

function doorAccessOf(
  { site, broker }: EdgeAgentConfig,
  { door, local }: NonNullable<EdgeAgentConfig['told']>,
): DoorAccess {
  const known = local ? { ...local, keyFile: local.certFile } : broker;
  const { caFile = '', certFile = '', keyFile = '' } = known;
  return { site, door, caFile, certFile, keyFile };
}

/** What sends pictures to the gateway door; a gateway that no server tells anything sends none. */
function stillSender(
  config: EdgeAgentConfig,
  word: ServerWord | undefined,
  devices: DeviceSet,
  log: Logger,
): CommandTargets['sendStill'] {
  const { site, gateway, told } = config;
  if (!word || !told) return async () => Promise.reject(new WatchpostError('edge.command_unknown'));
  const sender = new StillSender({
    ...{ site, gateway, log },
    keys: () => word.keys,
    still: (device) => devices.still(device),
    send: (id, came) => sendStill(doorAccessOf(config, told), id, came),
  });
  return (command) => sender.answer(command);
}

/** What tries cameras for the server; a gateway that no server tells anything tries none. */
function cameraProber(
  config: EdgeAgentConfig,
  word: ServerWord | undefined,
  log: Logger,
): CommandTargets['probeCamera'] {
  const { site, gateway, told } = config;
  if (!word || !told) return async () => Promise.reject(new WatchpostError('edge.command_unknown'));
  const prober = new CameraProber({
    ...{ site, gateway, log, attempt: tryCamera },
    keys: () => word.keys,
    fetch: (id) => fetchCameraProbe(doorAccessOf(config, told), id),
    send: (id, result) => sendProbeResult(doorAccessOf(config, told), id, result),
    secretFile: (name) => secretPlace(config, name),
  });
  return (command) => prober.answer(command);
}

/** Where faces are looked for: in the gallery of the configuration, or in the one that the server tells. */
function gallerySource(
  { gallery }: EdgeAgentConfig,
  word: ServerWord | undefined,
): (() => Promise<OpenGallery>) | undefined {
  if (gallery) return () => openConfiguredGallery(gallery);
  const told = word?.gallery;
  return told && (async () => told);
}

/** What the server tells, by way of the broker and the gateway door. */
function serverWord(
  config: EdgeAgentConfig,
  told: NonNullable<EdgeAgentConfig['told']>,
  log: Logger,
  parts: Pick<ServerWordOptions, 'clock' | 'apply' | 'onPermit' | 'onChange' | 'onUnwritable'>,
): ServerWord {
  return new ServerWord({
    ...parts,
    ...{ config, keys: told.keys, log },
    door: doorAccessOf(config, told),
  });
}
