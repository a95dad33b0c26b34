import type { DashboardAnswer } from '../../api/contract.ts';
import { useDashboard } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { STATUSES } from '../parts/status.tsx';
import { useTexts } from '../text/language.tsx';
import { Bars } from './bars.tsx';

const DAYS = 14;
const WORKS = ['keyed', 'checked', 'returned', 'approved'] as const;
type Day = DashboardAnswer['days'][number];
type Counts = Readonly<Record<(typeof WORKS)[number], number>>;

/** The last days in Vietnam, the oldest first, as yyyy-MM-dd. */
function lastDays(count: number): readonly string[] {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' });
  return Array.from({ length: count }, (_, i) =>
    day.format(Date.now() - (count - 1 - i) * 86_400_000),
  );
}

const sumOf = (days: readonly Day[]) =>
  Object.fromEntries(WORKS.map((w) => [w, days.reduce((sum, d) => sum + d[w], 0)])) as Counts;

/** Records by status, and the work of the last days by person and day. */
export function DashboardScreen() {
  const texts = useTexts();
  const answer = useDashboard(DAYS);
  if (answer.isPending) return <p className="loading">{texts.loading}</p>;
  if (answer.isError)
    return (
      <div className="screen">
        <Trouble error={answer.error} again={() => void answer.refetch()} />
      </div>
    );
  const { statuses, days, everybody } = answer.data;
  const all = lastDays(DAYS);
  const people = [...new Map(days.map((d) => [d.personId, d.name]))];
  const most = Math.max(1, ...STATUSES.map((s) => statuses[s] ?? 0));
  const ofDay = (day: string) => sumOf(days.filter((d) => d.day === day));
  const today = all.at(-1)!;
  const heads = WORKS.map((work) => (
    <th key={work} scope="col" className="number">
      {texts.works[work]}
    </th>
  ));
  const cells = (counts: Counts) =>
    WORKS.map((work) => (
      <td key={work} className="number">
        {counts[work]}
      </td>
    ));
  return (
    <div className="screen dashboard">
      <h1>{texts.dashboard}</h1>
      <section className="panel" aria-labelledby="statuses">
        <h2 id="statuses">{texts.recordsByStatus}</h2>
        <table className="list statuses">
          <tbody>
            {STATUSES.map((status) => {
              const count = statuses[status] ?? 0;
              return (
                <tr key={status}>
                  <th scope="row">
                    <span className={`dot bg-${status}`} aria-hidden="true" />
                    {texts.status[status]}
                  </th>
                  <td className="number">{count.toLocaleString(texts.locale)}</td>
                  <td className="bar-cell" aria-hidden="true">
                    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                      <rect className={`bg-${status}`} width={(100 * count) / most} height="10" />
                    </svg>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <section className="panel" aria-labelledby="days">
        <h2 id="days">{everybody ? texts.workOfDays : texts.ownWorkOfDays}</h2>
        <ul className="chart-key">
          {WORKS.map((work) => (
            <li key={work}>
              <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
                <rect className={`bg-${work}`} width="10" height="10" />
              </svg>{' '}
              {texts.works[work]}
            </li>
          ))}
        </ul>
        <Bars
          bars={all.map((day) => {
            const sums = ofDay(day);
            return {
              label: `${day.slice(8)}.${day.slice(5, 7)}`,
              parts: WORKS.map((name) => ({ name, value: sums[name] })),
            };
          })}
        />
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{texts.day}</th>
              <th scope="col">{texts.who}</th>
              {heads}
            </tr>
          </thead>
          <tbody>
            {[...days].reverse().map((d) => (
              <tr key={d.day + d.personId}>
                <td>{d.day === today ? texts.today : d.day.split('-').reverse().join('.')}</td>
                <td>{d.name}</td>
                {cells(d)}
              </tr>
            ))}
          </tbody>
        </table>
        {days.length === 0 && <p className="nothing">{texts.noWorkYet}</p>}
      </section>
      {people.length > 1 && (
        <section className="panel" aria-labelledby="by-person">
          <h2 id="by-person">{texts.workOfPeople}</h2>
          <table className="list">
            <thead>
              <tr>
                <th scope="col">{texts.who}</th>
                {heads}
              </tr>
            </thead>
            <tbody>
              {people.map(([id, name]) => (
                <tr key={id}>
                  <td>{name}</td>
                  {cells(sumOf(days.filter((d) => d.personId === id)))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
