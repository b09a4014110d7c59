import type { Alert } from '@watchpost/contracts/alert';
import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import type { Ask } from '../api/ask.ts';
import { newId } from '../api/new-id.ts';
import type { SiteWatch } from './site-watch.ts';
import { isUnseen } from './unseen.ts';

/** What marks an alert that somebody opens as seen by them, here at once and at the server. */
export function useSeen(ask: Ask, watch: SiteWatch, user: string): (alert: Alert) => void {
  return useCallback(
    (alert) => {
      const { id, version } = alert;
      if (!isUnseen(alert, watch.view().seen.get(id), user)) return;
      watch.see({ [id]: version });
      const body = { id: newId(), alerts: [{ id, version }] };
      call(ask, 'POST /alerts/seen', { body }).catch(() => watch.unsee([id]));
    },
    [ask, watch, user],
  );
}
