/** One bar of a chart, made of parts that stand on each other. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly value: number }[];
}

const WIDTH = 640;
const HEIGHT = 150;
const FOOT = 18;
const HEAD = 14;

/** Bars side by side; the numbers stand beside it in a table, so it is for the eye alone. */
export function Bars({ bars }: { readonly bars: readonly Bar[] }) {
  const sums = bars.map((bar) => bar.parts.reduce((sum, p) => sum + p.value, 0));
  const most = Math.max(1, ...sums);
  const step = WIDTH / Math.max(1, bars.length);
  const scale = (HEIGHT - FOOT - HEAD) / most;
  return (
    <svg className="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <line x1="0" x2={WIDTH} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} className="axis" />
      {bars.map((bar, i) => {
        const x = i * step + step * 0.18;
        const width = step * 0.64;
        let y = HEIGHT - FOOT;
        return (
          <g key={bar.label}>
            {bar.parts.map(({ name, value }) => {
              const height = value * scale;
              y -= height;
              return (
                <rect
                  key={name}
                  className={`bg-${name}`}
                  x={x}
                  y={y}
                  width={width}
                  height={height}
                />
              );
            })}
            {sums[i]! > 0 && (
              <text x={x + width / 2} y={y - 3}>
                {sums[i]}
              </text>
            )}
            <text x={x + width / 2} y={HEIGHT - 4}>
              {bar.label}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
