import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
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
import { entriesOf, fieldsOf } from '../../ui/site-file/file-value.ts';
import { MistakeList } from '../../ui/site-file/mistakes.tsx';
import { AreaDrawing, LineDrawing, MaskDrawing } from '../../ui/site-file/picture-drawings.tsx';
import { useAction } from '../../ui/use-action.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';
import { useApply } from './use-apply.ts';

/** What of the picture nobody may look at, and where people cross. */
export function DrawStep({ step, api, view, reload, choices, still, onNext, onBack }: StepProps) {
  const { t } = usePageTexts<typeof setupEn>();
  const action = useAction();
  const apply = useApply({ api, view, reload });
  const file = fieldsOf(view.value);
  const index = entriesOf(file.devices).findIndex(({ id }) => id === choices.camera);
  const camera = entriesOf(file.devices)[index] ?? {};
  const [masks, setMasks] = useState<readonly Mask[]>(() => masksOf(camera));
  const [lines, setLines] = useState<readonly CameraLine[]>(() => linesOf(file, camera));
  const [areas, setAreas] = useState<readonly CameraArea[]>(() => areasOf(file, camera));
  const [tool, setTool] = useState<'mask' | 'area' | 'line'>('mask');
  const picture = { url: still.url, aspect: still.aspect };
  // The last one of each is in hand; an empty one waits for its first drag.
  const maskInHand = masks.at(-1) ?? { name: t('setup.maskName', { number: 1 }), outline: [] };
  const areaInHand = areas.at(-1) ?? newArea(file, camera, areas, areaName(camera));
  const lineInHand = lines.at(-1) ?? newLine(file, lines, lineName(camera));
  const drawn = {
    masks: masks.filter(({ outline }) => outline.length > 0),
    areas: areas.filter(({ outline }) => outline.length > 0),
    lines: lines.filter(({ points }) => points.length > 0),
  };
  return (
    <StepFrame
      {...{ step, action, onBack }}
      onSubmit={async () => {
        if (await apply.run(pictureEdits(file, index, drawn), [`/devices/${index}`, '/lines', '/zones']))
          await onNext();
      }}
    >
      <fieldset className="setup-tools" aria-label={t('setup.tools')}>
        {(['mask', 'area', 'line'] as const).map((one) => (
          <button
            key={one}
            type="button"
            className="button"
            aria-pressed={tool === one}
            onClick={() => setTool(one)}
            data-testid={`setup-tool-${one}`}
          >
            {t(`setup.tool.${one}`)}
          </button>
        ))}
      </fieldset>
      <p className="muted">{t(`setup.toolWhy.${tool}`)}</p>
      {tool === 'mask' ? (
        <>
          <MaskDrawing
            {...picture}
            mask={maskInHand}
            others={masks.slice(0, -1)}
            onChange={(next) => setMasks([...masks.slice(0, -1), next])}
          />
          {maskInHand.outline.length > 0 && (
            <button
              type="button"
              className="button"
              onClick={() =>
                setMasks([...masks, { name: t('setup.maskName', { number: masks.length + 1 }), outline: [] }])
              }
              data-testid="setup-mask-more"
            >
              {t('setup.maskMore')}
            </button>
          )}
        </>
      ) : tool === 'area' ? (
        <AreaDrawing
          {...{ ...picture, file, camera, masks: drawn.masks }}
          area={areaInHand}
          others={areas.slice(0, -1)}
          onChange={(next) => setAreas([...areas.slice(0, -1), next])}
        />
      ) : (
        <LineDrawing
          {...picture}
          line={lineInHand}
          masks={drawn.masks}
          onChange={(next) => setLines([...lines.slice(0, -1), next])}
        />
      )}
      <MistakeList title={t('setup.wrong')} mistakes={apply.mistakes} />
    </StepFrame>
  );
}
