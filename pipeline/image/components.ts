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

/**
 * Labels everything darker than `threshold`, in the order of their first pixels. Linear in the number
 * of pixels; beyond looking at each once, work is done for runs of ink only.
 */
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
  // Runs of dark pixels, row after row: first and last column, row, label.
  const starts: number[] = [];
  const ends: number[] = [];
  const rows: number[] = [];
  const owners: number[] = [];
  let above = 0;
  for (let y = 0; y < height; y++) {
    const first = starts.length;
    const row = y * width;
    let before = above;
    for (let x = 0; x < width; x++) {
      if (data[row + x]! >= threshold) continue;
      const from = x;
      while (x + 1 < width && data[row + x + 1]! < threshold) x++;
      let label = 0;
      // Runs of the row above that touch this one, corners included.
      while (before < first && ends[before]! < from - 1) before++;
      for (let run = before; run < first && starts[run]! <= x + 1; run++) {
        const other = find(owners[run]!);
        if (label === 0) label = other;
        else if (label !== other) {
          const [low, high] = label < other ? [label, other] : [other, label];
          parent[high] = low;
          label = low;
        }
      }
      if (label === 0) {
        label = parent.length;
        parent.push(label);
      }
      starts.push(from);
      ends.push(x);
      rows.push(y);
      owners.push(label);
    }
    above = first;
  }
  const index = new Int32Array(parent.length);
  const found: { label: number; x0: number; y0: number; x1: number; y1: number; area: number }[] =
    [];
  for (let run = 0; run < starts.length; run++) {
    const root = find(owners[run]!);
    const [x0, x1, y] = [starts[run]!, ends[run]!, rows[run]!];
    labels.fill(root, y * width + x0, y * width + x1 + 1);
    let at = index[root]!;
    if (at === 0) {
      found.push({ label: root, x0, y0: y, x1, y1: y, area: 0 });
      at = found.length;
      index[root] = at;
    }
    const c = found[at - 1]!;
    c.area += x1 - x0 + 1;
    if (x0 < c.x0) c.x0 = x0;
    if (x1 > c.x1) c.x1 = x1;
    c.y1 = y;
  }
  return { list: found, labels };
}
