import { usePageTexts } from '../../texts/texts.tsx';
import { Drawing } from './drawing.tsx';
import type { drawingEn } from './drawing-texts-en.ts';
import { type CameraLine, type Mask, pictureGround } from './drawn-on-picture.ts';
import { insideOf } from './drawn-points.ts';
import type { Point } from './file-value.ts';

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
