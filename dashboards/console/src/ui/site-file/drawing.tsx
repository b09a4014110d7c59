import { type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { drawingEn } from './drawing-texts-en.ts';
import { type Ground, keyStep, onGround, rectangleOf, withCorner } from './drawn-points.ts';
import type { Point } from './file-value.ts';

type Shape = 'area' | 'line' | 'point';

export interface DrawingProps {
  readonly ground: Ground;
  /** How wide the ground is by its height, as it is seen. */
  readonly aspect: number;
  /** An area, one corner after the other; a line from its first point to its second; or one point. */
  readonly shape: Shape;
  readonly points: readonly Point[];
  readonly onChange: (points: readonly Point[]) => void;
  /** What is drawn, for those who cannot see it, and for its test ids. */
  readonly label: string;
  readonly testId: string;
  /** Digits of its numbers, and their unit. */
  readonly unit?: string;
  /** What lies under it, in the units of the ground. */
  readonly children?: ReactNode;
  /** A picture that it is drawn on. */
  readonly picture?: string | undefined;
  /** What is written where. */
  readonly notes?: readonly { readonly at: Point; readonly text: string }[];
}

const hints = {
  area: { empty: 'site.drawArea', drawn: 'site.drawnArea' },
  line: { empty: 'site.drawLine', drawn: 'site.drawnLine' },
  point: { empty: 'site.drawPoint', drawn: 'site.drawPoint' },
} as const;
const mostPoints = { area: 200, line: 2, point: 1 } as const;

/** Who moves the pointer by less has pressed and not dragged, CSS pixels. */
const dragFromPx = 6;

/**
 * An outline or a line, drawn by pointer, moved by arrow keys and typed as numbers, whichever one can. On an
 * empty ground one drag draws a rectangle, or a line.
 */
export function Drawing(props: DrawingProps) {
  const { ground, aspect, shape, points, onChange, label, testId, picture, notes, children } = props;
  const { t, number } = usePageTexts<typeof drawingEn>();
  const place = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<readonly Point[] | null>(null);
  const shown = dragged ?? points;
  const grip = useRef<{
    readonly corner: number | null;
    readonly from: Point;
    px: readonly [number, number];
  }>(null);

  const pointAt = ({ clientX, clientY }: PointerEvent): Point => {
    const box = place.current?.getBoundingClientRect();
    if (!box || box.width === 0) return [0, 0];
    return onGround(ground, [
      ((clientX - box.left) / box.width) * ground.width,
      ((clientY - box.top) / box.height) * ground.height,
    ]);
  };
  const moved = (event: PointerEvent): readonly Point[] | null => {
    const held = grip.current;
    if (held === null) return null;
    const now = pointAt(event);
    if (held.corner !== null) return points.with(held.corner, now);
    if (shape === 'point') return [now];
    const isDrag = Math.hypot(event.clientX - held.px[0], event.clientY - held.px[1]) >= dragFromPx;
    if (!isDrag || points.length > 0) return null;
    return shape === 'area' ? rectangleOf(held.from, now) : [held.from, now];
  };
  const begin = (event: PointerEvent, corner: number | null) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    grip.current = { corner, from: pointAt(event), px: [event.clientX, event.clientY] };
    place.current?.setPointerCapture?.(event.pointerId);
  };
  const end = (event: PointerEvent) => {
    const held = grip.current;
    const drawn = moved(event);
    grip.current = null;
    setDragged(null);
    if (held === null) return;
    if (drawn !== null) onChange(drawn);
    else if (held.corner === null && (shape === 'area' || points.length < 2))
      onChange(shape === 'area' ? withCorner(points, held.from) : [...points, held.from]);
  };
  const move = (index: number, [dx, dy]: Point) => {
    const [x, y] = points[index] ?? [0, 0];
    onChange(points.with(index, onGround(ground, [x + dx, y + dy])));
  };
  const percent = ([x, y]: Point) => ({
    left: `${(x / ground.width) * 100}%`,
    top: `${(y / ground.height) * 100}%`,
  });
  const drawnPoints = shown.map((point) => point.join(',')).join(' ');
  const said = (value: number) => number(value, { maximumFractionDigits: 3 });
  return (
    <div className="drawing" data-testid={testId}>
      {/* The drawing is one of three ways; corners are buttons, and every number has its field. */}
      <div
        className="drawing-ground"
        ref={place}
        style={{ aspectRatio: String(aspect), maxWidth: `calc(60vh * ${aspect})` }}
        onPointerDown={(event) => begin(event, null)}
        onPointerMove={(event) => setDragged(moved(event))}
        onPointerUp={end}
        onPointerCancel={() => {
          grip.current = null;
          setDragged(null);
        }}
        data-testid={`${testId}-ground`}
      >
        {picture !== undefined && <img className="drawing-picture" src={picture} alt="" draggable={false} />}
        <svg
          className="drawing-shapes"
          viewBox={`0 0 ${ground.width} ${ground.height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {children}
          {shape === 'area' && <polygon className="drawing-area" points={drawnPoints} />}
          {shape === 'line' && <polyline className="drawing-line" points={drawnPoints} />}
        </svg>
        {notes?.map(({ at, text }) => (
          <span className="drawing-note" key={text} style={percent(at)} aria-hidden="true">
            {text}
          </span>
        ))}
        {shown.map((point, index) => (
          <button
            // Corners have no names of their own.
            // biome-ignore lint/suspicious/noArrayIndexKey: as said
            key={index}
            type="button"
            className="drawing-corner"
            style={percent(point)}
            aria-label={t('site.corner', {
              label,
              number: index + 1,
              x: said(point[0]),
              y: said(point[1]),
            })}
            onPointerDown={(event) => begin(event, index)}
            onKeyDown={(event) => {
              const step = keyStep(event.key, event.shiftKey, ground.grain);
              if (step === null) return;
              event.preventDefault();
              move(index, step);
            }}
            data-testid={`${testId}-corner`}
          />
        ))}
      </div>
      <p className="muted drawing-hint">{t(points.length === 0 ? hints[shape].empty : hints[shape].drawn)}</p>
      <Numbers {...props} />
    </div>
  );
}

/** The same as numbers. */
function Numbers({ ground, shape, points, onChange, label, testId, unit }: DrawingProps) {
  const { t } = usePageTexts<typeof drawingEn>();
  const set = (index: number, axis: 0 | 1, text: string) => {
    const value = Number(text);
    const point = points[index];
    if (text === '' || !Number.isFinite(value) || point === undefined) return;
    const changed: Point = axis === 0 ? [value, point[1]] : [point[0], value];
    onChange(points.with(index, changed));
  };
  const middle: Point = onGround(ground, [ground.width / 2, ground.height / 2]);
  return (
    <div className="drawing-tools">
      {points.length > 0 && shape !== 'point' && (
        <button type="button" className="button" onClick={() => onChange([])} data-testid={`${testId}-anew`}>
          {t('site.drawAnew')}
        </button>
      )}
      <details>
        <summary>{t('site.numbers')}</summary>
        <ol className="drawing-numbers">
          {points.map((point, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: corners have no names of their own
            <li key={index}>
              {([0, 1] as const).map((axis) => (
                <input
                  key={axis}
                  className="field-input"
                  type="number"
                  min={0}
                  max={axis === 0 ? ground.width : ground.height}
                  step={ground.grain}
                  value={point[axis]}
                  aria-label={t(axis === 0 ? 'site.cornerX' : 'site.cornerY', { label, number: index + 1 })}
                  onChange={({ target }) => set(index, axis, target.value)}
                  data-testid={`${testId}-${axis === 0 ? 'x' : 'y'}-${index}`}
                />
              ))}
              {unit !== undefined && <span className="muted">{unit}</span>}
              {shape === 'area' && points.length > 3 && (
                <button
                  type="button"
                  className="button button-quiet"
                  aria-label={t('site.cornerAway', { label, number: index + 1 })}
                  onClick={() => onChange(points.toSpliced(index, 1))}
                >
                  ×
                </button>
              )}
            </li>
          ))}
        </ol>
        {points.length < mostPoints[shape] && (
          <button
            type="button"
            className="button"
            onClick={() =>
              onChange(shape === 'area' && points.length === 0 ? quarter(ground) : [...points, middle])
            }
            data-testid={`${testId}-add`}
          >
            {t('site.cornerAdd')}
          </button>
        )}
      </details>
    </div>
  );
}

/** What somebody who draws with numbers begins with: the middle of the ground. */
const quarter = (ground: Ground): readonly Point[] =>
  rectangleOf(
    onGround(ground, [ground.width / 4, ground.height / 4]),
    onGround(ground, [(ground.width * 3) / 4, (ground.height * 3) / 4]),
  );
