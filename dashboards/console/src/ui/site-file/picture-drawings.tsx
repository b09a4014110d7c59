import { usePageTexts } from '../../texts/texts.tsx';
import { Drawing } from './drawing.tsx';
import type { drawingEn } from './drawing-texts-en.ts';
import {
  type CameraArea,
  type CameraLine,
  type Mask,
  pictureGround,
  zonesToDraw,
} from './drawn-on-picture.ts';
import { insideOf } from './drawn-points.ts';
import type { Fields, Point } from './file-value.ts';

export interface PictureProps {
  readonly url: string | null;
  readonly aspect: number;
}

export interface MaskDrawingProps extends PictureProps {
  readonly mask: Mask;
  readonly others: readonly Mask[];
  readonly onChange: (mask: Mask) => void;
}

const joined = (points: readonly Point[]) => points.map((point) => point.join(',')).join(' ');

/** A mask on the picture of its camera. */
export function MaskDrawing({ mask, others, onChange, url, aspect }: MaskDrawingProps) {
  return (
    <Drawing
      ground={pictureGround}
      aspect={aspect}
      shape="area"
      points={mask.outline}
      onChange={(outline) => onChange({ ...mask, outline })}
      label={mask.name}
      testId="mask-drawing"
      picture={url ?? undefined}
    >
      {others.map(({ name, outline }) => (
        <polygon className="drawing-mask" key={name} points={joined(outline)} />
      ))}
    </Drawing>
  );
}

export interface AreaDrawingProps extends PictureProps {
  readonly file: Fields;
  readonly camera: Fields;
  readonly area: CameraArea;
  readonly others: readonly CameraArea[];
  readonly masks: readonly Mask[];
  readonly onChange: (area: CameraArea) => void;
}

/** A part of the picture that is another zone, with the zone that it is. */
export function AreaDrawing({ file, camera, area, others, masks, onChange, ...picture }: AreaDrawingProps) {
  const { t, language } = usePageTexts<typeof drawingEn>();
  const label = area.name[language];
  const choices = [area, ...zonesToDraw(file, camera, [area, ...others])];
  return (
    <>
      <label className="field">
        <span className="field-label">{t('site.areaZone')}</span>
        <select
          className="field-input"
          value={area.zone}
          onChange={({ target }) => {
            const chosen = choices.find(({ zone }) => zone === target.value);
            if (chosen) onChange({ ...area, zone: chosen.zone, name: chosen.name });
          }}
          data-testid="area-zone"
        >
          {choices.map(({ zone, name }) => (
            <option key={zone} value={zone}>
              {name[language]}
            </option>
          ))}
        </select>
      </label>
      <Drawing
        ground={pictureGround}
        aspect={picture.aspect}
        shape="area"
        points={area.outline}
        onChange={(outline) => onChange({ ...area, outline })}
        label={label}
        testId="area-drawing"
        picture={picture.url ?? undefined}
      >
        {[...masks, ...others].map(({ name, outline }) => (
          <polygon
            className="drawing-mask"
            key={typeof name === 'string' ? name : name.en}
            points={joined(outline)}
          />
        ))}
      </Drawing>
      <p className="muted">{t('site.areaHint')}</p>
    </>
  );
}

export interface LineDrawingProps extends PictureProps {
  readonly line: CameraLine;
  readonly masks: readonly Mask[];
  readonly onChange: (line: CameraLine) => void;
}

/** How far beside the line the word stands that says where inside is, parts of the picture. */
const noteFar = 0.09;

/** A line on the picture of its camera, with the side that is inside. */
export function LineDrawing({ line, masks, onChange, url, aspect }: LineDrawingProps) {
  const { t, language } = usePageTexts<typeof drawingEn>();
  const [from, to] = line.points;
  const label = line.name[language];
  return (
    <>
      <Drawing
        ground={pictureGround}
        aspect={aspect}
        shape="line"
        points={line.points}
        onChange={(points) => onChange({ ...line, points })}
        label={label}
        testId="line-drawing"
        picture={url ?? undefined}
        notes={from && to ? [{ at: insideOf(from, to, line.inside, noteFar), text: t('site.inside') }] : []}
      >
        {masks.map(({ name, outline }) => (
          <polygon className="drawing-mask" key={name} points={joined(outline)} />
        ))}
      </Drawing>
      <fieldset className="choices">
        <legend>{t('site.insideIs')}</legend>
        {(['left', 'right'] as const).map((side) => (
          <label className="choice" key={side}>
            <input
              type="radio"
              name={`inside-${line.line}`}
              checked={line.inside === side}
              onChange={() => onChange({ ...line, inside: side })}
              data-testid={`line-inside-${side}`}
            />
            {t(`site.inside.${side}`)}
          </label>
        ))}
      </fieldset>
    </>
  );
}
