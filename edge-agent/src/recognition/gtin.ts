const lengths = new Set([8, 12, 13, 14]);

/**
 * Whether digits are an EAN-8, UPC-A, EAN-13 or ITF-14 number by their check digit (GS1 General
 * Specifications §7.9).
 */
export function hasValidCheckDigit(text: string): boolean {
  if (!lengths.has(text.length) || !/^\d+$/.test(text)) return false;
  const digits = [...text].map(Number).reverse();
  const sum = digits.reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}
