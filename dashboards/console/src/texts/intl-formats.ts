/**
 * Formats of `Intl`, each made once: making one costs many times what using it does, and a list of alerts
 * uses hundreds a second. The language, time zone and options in use are few, so nothing is ever forgotten.
 */
function remembered<Options extends object, Format>(make: (language: string, options?: Options) => Format) {
  const formats = new Map<string, Format>();
  return (language: string, options?: Options): Format => {
    const key = `${language} ${JSON.stringify(options ?? {})}`;
    const known = formats.get(key);
    if (known !== undefined) return known;
    const format = make(language, options);
    formats.set(key, format);
    return format;
  };
}

export const numberFormat = remembered(
  (language, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options),
);
export const dateTimeFormat = remembered(
  (language, options?: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options),
);
export const relativeTimeFormat = remembered(
  (language, options?: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(language, options),
);
