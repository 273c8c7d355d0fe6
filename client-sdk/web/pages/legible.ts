// legible -- can words of one colour be read on another: the contrast of WCAG 2.2 (1.4.3), for text of any size.

const CONTRAST_MIN = 4.5;

/** Of #rrggbb, 0 ... 1, as WCAG defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Both #rrggbb. */
export function isLegible(words: string, ground: string): boolean {
  const [dark = 0, light = 0] = [luminance(words), luminance(ground)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05) >= CONTRAST_MIN;
}
