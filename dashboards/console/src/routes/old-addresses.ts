import { navigate } from 'wouter/use-browser-location';
import { addressOf } from './place.ts';

const oldAddress = /^#\/alerts\/([0-9a-f-]{36})$/;

/** Leads on from `/#/alerts/{id}`, as alerts were addressed once: such links stand in messages and logs. */
export function followOldAddresses(): void {
  const follow = () => {
    const alert = oldAddress.exec(location.hash)?.[1];
    if (alert !== undefined)
      navigate(addressOf({ site: null, alert, view: 'alerts', plan: null }), { replace: true });
  };
  follow();
  addEventListener('hashchange', follow);
}
