import type { CameraTrialRequest } from '@watchpost/contracts/api';
import { useRef, useState } from 'react';
import { ApiProblem } from '../../api/ask.ts';
import { codeText } from '../../texts/problem-text.ts';
import { type Texts, usePageTexts } from '../../texts/texts.tsx';
import type { drawingEn } from './drawing-texts-en.ts';
import { type Fields, fieldsOf, textOf } from './file-value.ts';
import type { SiteFileApi } from './site-file-api.ts';

/** A camera that is tried by its gateway before it is written. */
export interface CameraTrial {
  /** Why the last try failed: a code of the error registry; null while none did. */
  readonly error: string | null;
  /**
   * Tries it, unless somebody said to write it as it is.
   * @param password as it was typed; empty: the one that the file names
   * @returns whether it may be written: it works, or nobody could try it
   */
  readonly mayWrite: (camera: Fields, password: string) => Promise<boolean>;
  /** What was tried is written whatever came of it, with the next try. */
  readonly writeAnyway: () => void;
}

export function useCameraTrial(api: SiteFileApi): CameraTrial {
  const [error, setError] = useState<string | null>(null);
  const tried = useRef('');
  const anyway = useRef<string | null>(null);
  return {
    error,
    async mayWrite(camera, password) {
      const connect = fieldsOf(camera.connect);
      setError(null);
      if (connect.driver !== 'rtsp' && connect.driver !== 'http') return true;
      const { password: kept, ...rest } = connect;
      // What is wrong in it is said by the server, as for a file that is written by hand.
      const asked = {
        gateway: textOf(camera.gateway),
        connect: password === '' && kept !== undefined ? connect : rest,
        ...(password === '' ? {} : { password }),
      } as CameraTrialRequest;
      tried.current = JSON.stringify(asked);
      if (anyway.current === tried.current) return true;
      try {
        const found = (await api.tryCamera(asked)).error;
        setError(found);
        return found === null;
      } catch (problem) {
        // Nobody could try it: whether it works shows once it is written.
        if (problem instanceof ApiProblem) return true;
        throw problem;
      }
    },
    writeAnyway() {
      anyway.current = tried.current;
    },
  };
}

/** What came of it, and the way on all the same; stands in the form that writes the camera. */
export function CameraTrialNotice({ trial }: { readonly trial: CameraTrial }) {
  const texts = usePageTexts<typeof drawingEn>();
  const { error, writeAnyway } = trial;
  if (error === null) return null;
  return (
    <div className="notice problem" role="alert" data-testid="camera-tried" data-error={error}>
      <p>
        {texts.t('site.triedWrong')} {codeText(texts as Texts, error)}
      </p>
      <button type="submit" className="button" onClick={writeAnyway} data-testid="camera-anyway">
        {texts.t('site.writeAnyway')}
      </button>
    </div>
  );
}
