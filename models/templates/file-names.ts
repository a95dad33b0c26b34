/**
 * Names of exported files are filled into a template's pattern. A part that is missing leaves no
 * name at all: nothing is ever called `null`.
 */

/** The names between braces in `pattern`, in order. */
export function partsOf(pattern: string): readonly string[] {
  return [...pattern.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]!);
}

/** `pattern` with its parts filled in; undefined when one is missing or empty. */
export function fillPattern(
  pattern: string,
  parts: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (partsOf(pattern).some((part) => !parts[part])) return undefined;
  return pattern.replace(/\{([^}]*)\}/g, (_, part: string) => parts[part]!);
}

/**
 * Text as it may stand in a file name on any system: diacritics folded, `đ` as `d`, everything but
 * letters, digits, `_` and `-` replaced by `_`. "Xã Thanh Nê" → "Xa_Thanh_Ne". May be empty.
 */
export function plainName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/gu, 'd')
    .replace(/Đ/gu, 'D')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[_-]+|[_-]+$/g, '');
}

/**
 * The registration number as it stands in a file name: "41/2008" → "041", "12a/2008" → "012a",
 * "1205" → "1205". Undefined for anything but a number with at most one letter and a year behind
 * it, since two readings of one number would be two names; and for number 0.
 */
export function numberForName(text: string, width: number): string | undefined {
  const match = /^0*([1-9]\d{0,5})\s*([a-z]?)(?:\s*\/\s*(?:\d{4}|\d{2}))?$/i.exec(text.trim());
  if (!match) return undefined;
  return match[1]!.padStart(width, '0') + match[2]!.toLowerCase();
}
