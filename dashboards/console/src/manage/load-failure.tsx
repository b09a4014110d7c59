import { Component, type ReactNode } from 'react';
import { useTexts } from '../texts/texts.tsx';

function Broken() {
  const { t } = useTexts();
  return (
    <div className="notice" role="alert" data-testid="manage-broken">
      <p>{t('manage.broken')}</p>
      {/* What could not be loaded is remembered as such: only the whole page asks again. */}
      <button type="button" className="button" onClick={() => location.reload()}>
        {t('manage.again')}
      </button>
    </div>
  );
}

/** A page whose code cannot be loaded, or that breaks, says so; the alarm beside it goes on. */
export class LoadFailure extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override readonly state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}
