import type { Gray } from './gray.ts';

/** Connected dark pixels (8 neighbours): extents inclusive, in pixels. */
export interface Component {
  readonly label: number;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly area: number;
}

export interface Components {
  readonly list: readonly Component[];
  /** Label of each pixel, 0 for paper; `list[i].label` are these numbers. */
  readonly labels: Int32Array;
}

/** Labels everything darker than `threshold`. Linear in the number of pixels. */
export function findComponents({ data, width, height }: Gray, threshold: number): Components {
  const labels = new Int32Array(width * height);
  const parent: number[] = [0];
  const find = (a: number): number => {
    let root = a;
    while (parent[root] !== root) root = parent[root]!;
    let walk = a;
    while (parent[walk] !== root) {
      const up = parent[walk]!;
      parent[walk] = root;
      walk = up;
    }
    return root;
  };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i]! >= threshold) continue;
      let label = x > 0 ? labels[i - 1]! : 0;
      if (y > 0) {
        const up = i - width;
        for (let d = x > 0 ? -1 : 0; d <= (x + 1 < width ? 1 : 0); d++) {
          const other = labels[up + d]!;
          if (other === 0 || other === label) continue;
          if (label === 0) label = other;
          else {
            const a = find(label);
            const b = find(other);
            if (a !== b) parent[Math.max(a, b)] = Math.min(a, b);
          }
        }
      }
      if (label === 0) {
        label = parent.length;
        parent.push(label);
      }
      labels[i] = label;
    }
  }
  const index = new Int32Array(parent.length);
  const found: { label: number; x0: number; y0: number; x1: number; y1: number; area: number }[] =
    [];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (labels[i] === 0) continue;
      const root = find(labels[i]!);
      labels[i] = root;
      let at = index[root]!;
      if (at === 0) {
        found.push({ label: root, x0: x, y0: y, x1: x, y1: y, area: 0 });
        at = found.length;
        index[root] = at;
      }
      const c = found[at - 1]!;
      c.area++;
      if (x < c.x0) c.x0 = x;
      else if (x > c.x1) c.x1 = x;
      c.y1 = y;
    }
  }
  return { list: found, labels };
}
