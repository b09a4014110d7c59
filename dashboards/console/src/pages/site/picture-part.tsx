import { type FormEvent, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { ChangeSteps } from '../../ui/site-file/change-steps.tsx';
import {
  areaName,
  areasOf,
  type CameraArea,
  type CameraLine,
  lineName,
  linesOf,
  type Mask,
  masksOf,
  newArea,
  newLine,
  pictureEdits,
} from '../../ui/site-file/drawn-on-picture.ts';
import { entriesOf, fieldsOf, nameIn } from '../../ui/site-file/file-value.ts';
import { AreaDrawing, LineDrawing, MaskDrawing } from '../../ui/site-file/picture-drawings.tsx';
import type { SitePartProps } from '../../ui/site-file/site-part.ts';
import { useChange } from '../../ui/site-file/use-change.ts';
import { useStill } from '../../ui/site-file/use-still.ts';
import { Submit } from '../../ui/submit.tsx';
import type { siteEn } from './texts-en.ts';

export interface PicturePartProps extends SitePartProps {
  /** Of the camera. */
  readonly id: string;
  readonly onLeave: () => void;
}

/** What is drawn on the picture of a camera: masks, parts that are other zones, and lines. */
export function PicturePart({ api, view, id, onLeave, onDone, reload, mayEdit }: PicturePartProps) {
  const { t, language } = usePageTexts<typeof siteEn>();
  const file = fieldsOf(view.value);
  const index = entriesOf(file.devices).findIndex((device) => device.id === id);
  const camera = entriesOf(file.devices)[index] ?? {};
  const [masks, setMasks] = useState(() => masksOf(camera));
  const [lines, setLines] = useState(() => linesOf(file, camera));
  const [areas, setAreas] = useState(() => areasOf(file, camera));
  const [shown, setShown] = useState<string | null>(null);
  const still = useStill(api.site, id);
  const change = useChange(api, view);
  const edits = pictureEdits(file, index, { masks, lines, areas });
  const name = nameIn(camera, language);
  const mask = masks.find((one) => `mask ${one.name}` === shown);
  const line = lines.find((one) => `line ${one.line}` === shown);
  const area = areas.find((one) => `area ${one.zone}` === shown);
  const setMask = (at: Mask, next: Mask) => {
    change.leave();
    setMasks(masks.map((one) => (one === at ? next : one)));
  };
  const setLine = (at: CameraLine, next: CameraLine) => {
    change.leave();
    setLines(lines.map((one) => (one === at ? next : one)));
  };
  const setArea = (at: CameraArea, next: CameraArea) => {
    change.leave();
    setAreas(areas.map((one) => (one === at ? next : one)));
    setShown(`area ${next.zone}`);
  };
  function addMask() {
    const taken = new Set(masks.map((one) => one.name));
    let number = 1;
    while (taken.has(t('site.maskName', { number }))) number += 1;
    const made = { name: t('site.maskName', { number }), outline: [] };
    change.leave();
    setMasks([...masks, made]);
    setShown(`mask ${made.name}`);
  }
  function addLine() {
    const made = newLine(file, lines, lineName(camera));
    change.leave();
    setLines([...lines, made]);
    setShown(`line ${made.line}`);
  }
  function addArea() {
    const made = newArea(file, camera, areas, areaName(camera));
    change.leave();
    setAreas([...areas, made]);
    setShown(`area ${made.zone}`);
  }
  function removeShown() {
    change.leave();
    setMasks(masks.filter((one) => one !== mask));
    setLines(lines.filter((one) => one !== line));
    setAreas(areas.filter((one) => one !== area));
    setShown(null);
  }
  function review(event: FormEvent) {
    event.preventDefault();
    if (edits.length === 0) return change.action.refuse(t('site.unchanged'));
    void change.review(async () => edits);
  }
  async function apply() {
    if (await change.apply()) onDone(t('site.applied', { name }));
  }
  function take(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void still.take(String(new FormData(event.currentTarget).get('reason') ?? '').trim());
  }
  const picture = { url: still.url, aspect: still.aspect };
  return (
    <div className="managed-stack site-form" data-testid="picture-part">
      <h3>{t('site.pictureOf', { name })}</h3>
      <form className="managed-tools" onSubmit={take}>
        <Field
          label={t('site.stillReason')}
          {...{ name: 'reason', required: true, minLength: 3, maxLength: 500, autoComplete: 'off' }}
          data-testid="still-reason"
        />
        <Submit action={still.action} label={t('site.still')} testId="still-take" />
      </form>
      <p className="muted">{t('site.stillHint')}</p>
      <ul className="managed-list" aria-label={t('site.drawnThings')}>
        {masks.map((one) => (
          <DrawnThing
            key={`mask ${one.name}`}
            text={one.name}
            kind={t('site.mask')}
            isShown={one === mask}
            onShow={() => setShown(`mask ${one.name}`)}
          />
        ))}
        {areas.map((one) => (
          <DrawnThing
            key={`area ${one.zone}`}
            text={one.name[language]}
            kind={t('site.areaKind')}
            isShown={one === area}
            onShow={() => setShown(`area ${one.zone}`)}
          />
        ))}
        {lines.map((one) => (
          <DrawnThing
            key={`line ${one.line}`}
            text={one.name[language]}
            kind={t('site.drawnLineKind')}
            isShown={one === line}
            onShow={() => setShown(`line ${one.line}`)}
          />
        ))}
      </ul>
      {mayEdit && (
        <div className="steps-row">
          <button type="button" className="button" onClick={addMask} data-testid="mask-add">
            {t('site.maskAdd')}
          </button>
          <button type="button" className="button" onClick={addArea} data-testid="area-add">
            {t('site.areaAdd')}
          </button>
          <button type="button" className="button" onClick={addLine} data-testid="line-add">
            {t('site.lineAdd')}
          </button>
        </div>
      )}
      {mask && (
        <MaskDrawing
          {...picture}
          mask={mask}
          others={masks.filter((one) => one !== mask)}
          onChange={(next) => setMask(mask, next)}
        />
      )}
      {area && (
        <AreaDrawing
          {...{ ...picture, file, camera, area, masks }}
          others={areas.filter((one) => one !== area)}
          onChange={(next) => setArea(area, next)}
        />
      )}
      {line && (
        <LineDrawing {...picture} line={line} masks={masks} onChange={(next) => setLine(line, next)} />
      )}
      {!mask && !line && !area && still.url !== null && (
        <img className="site-still" src={still.url} alt={t('site.pictureOf', { name })} data-testid="still" />
      )}
      {(mask ?? line ?? area) && mayEdit && (
        <button
          type="button"
          className="button button-danger"
          onClick={removeShown}
          data-testid="drawn-remove"
        >
          {t('site.drawnRemove')}
        </button>
      )}
      <form onSubmit={review}>
        <ChangeSteps
          change={change}
          pointers={[`/devices/${index}`, '/lines', '/zones']}
          isChanged={edits.length > 0}
          onApply={() => void apply()}
          onCancel={onLeave}
          onReload={() => void reload()}
        />
      </form>
    </div>
  );
}

interface DrawnThingProps {
  readonly text: string;
  readonly kind: string;
  readonly isShown: boolean;
  readonly onShow: () => void;
}

function DrawnThing({ text, kind, isShown, onShow }: DrawnThingProps) {
  return (
    <li>
      <button type="button" className="link-button" aria-pressed={isShown} onClick={onShow}>
        {text}
      </button>
      <span className="muted">{kind}</span>
    </li>
  );
}
