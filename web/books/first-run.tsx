import { Button } from '@mantine/core';
import { useState } from 'react';
import type { SampleBookAnswer, SessionAnswer } from '../../api/contract.ts';
import { useSample } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { addressOf, go } from '../router.ts';
import { useTexts } from '../text/language.tsx';

/** What one sees while there is no book: the way of a book, and a sample to walk it with. */
export function FirstRun({ session }: { readonly session: SessionAnswer }) {
  const texts = useTexts();
  const sample = useSample();
  const [made, setMade] = useState<SampleBookAnswer>();
  const takesIn = session.abilities.includes('takeIn');
  if (!takesIn) return <p className="nothing">{texts.noBooksForYou}</p>;
  if (made)
    return (
      <section className="panel first-run" aria-labelledby="sample-made">
        <h2 id="sample-made">{texts.sampleMade}</h2>
        <p className="small">{texts.sampleAccounts}</p>
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{texts.login}</th>
              <th scope="col">{texts.password}</th>
              <th scope="col">{texts.purpose}</th>
            </tr>
          </thead>
          <tbody>
            {made.accounts.map((account) => (
              <tr key={account.login}>
                <td className="strong">{account.login}</td>
                <td>{account.password ? <code>{account.password}</code> : texts.hasItsPassword}</td>
                <td>{account.purpose}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <Button component="a" href={addressOf({ at: 'book', id: made.bookId })}>
          {texts.toTheSample}
        </Button>
      </section>
    );
  return (
    <section className="panel first-run" aria-labelledby="first-run">
      <h2 id="first-run">{texts.firstRun}</h2>
      <ol className="way">
        {texts.wayOfABook.map(([title, what]) => (
          <li key={title}>
            <strong>{title}</strong>
            <span className="small">{what}</span>
          </li>
        ))}
      </ol>
      {sample.error && <Trouble error={sample.error} />}
      <div className="first-ways">
        <Button
          loading={sample.isPending}
          onClick={() =>
            sample.mutate(undefined, {
              onSuccess: (answer) =>
                answer.accounts.length > 0
                  ? setMade(answer)
                  : go({ at: 'book', id: answer.bookId }),
            })
          }
        >
          {texts.takeSample}
        </Button>
        <Button variant="default" component="a" href={addressOf({ at: 'newBook' })}>
          {texts.newBook}
        </Button>
      </div>
      <p className="small">{texts.sampleHelp}</p>
    </section>
  );
}
