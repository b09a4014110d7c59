import { useMemo } from 'react';
import { qrCode } from './qr-code.ts';

/** Modules round the code that stay light, so that a camera finds it (ISO/IEC 18004 §6.3.8). */
const quiet = 4;

/** A QR code as a picture that this page draws itself: dark on white in every colour scheme. */
export function QrPicture({ text, label }: { readonly text: string; readonly label: string }) {
  const { path, side } = useMemo(() => {
    const code = qrCode(text);
    const rows = Array.from({ length: code.size }, (_, y) =>
      Array.from({ length: code.size }, (_unused, x) =>
        code.isDark(x, y) ? `M${x + quiet} ${y + quiet}h1v1h-1z` : '',
      ).join(''),
    );
    return { path: rows.join(''), side: code.size + quiet * 2 };
  }, [text]);
  return (
    <svg
      className="qr-picture"
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={label}
      data-testid="qr-code"
    >
      <rect width={side} height={side} fill="#ffffff" />
      <path d={path} fill="#000000" shapeRendering="crispEdges" />
    </svg>
  );
}
