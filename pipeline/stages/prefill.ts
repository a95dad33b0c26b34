import type { Book } from '../../models/books.ts';
import { labelOf } from '../../models/code-lists.ts';
import { formatDate, parseDate, wordsToDate } from '../../models/dates.ts';
import { FIELD_KINDS } from '../../models/field-kinds.ts';
import type {
  AppliedRule,
  Candidate,
  Evidence,
  FieldValue,
  FieldValues,
} from '../../models/fields.ts';
import {
  type Form,
  fieldsNotOnForm,
  isBlank,
  isChoice,
  itemsOf,
} from '../../models/forms/define.ts';
import type { Box } from '../../models/geometry.ts';
import { union } from '../../models/geometry.ts';
import type { PageId } from '../../models/ids.ts';
import { normalize } from '../../models/record.ts';
import type { Register, RegisterField } from '../../models/registers/define.ts';
import { calibrate } from '../prefill/confidence.ts';
import { repairName, repairPhrase, repairPlace } from '../prefill/lexicon.ts';
import {
  asDate,
  asDateWords,
  asDigits,
  asListed,
  asName,
  joinDate,
  joinTime,
  type Repaired,
  trimResidue,
} from '../prefill/repair.ts';
import { identityDocument, nameAndPosition, timeAndDate } from '../prefill/splits.ts';
import { beliefOf, textOf } from '../readers/fields.ts';
import type { BlankReading, ChoiceReading, Readings } from './reading.ts';

/** What each named rule tells people about a value. */
const SAYS: Readonly<Record<string, string>> = {
  digits: 'Chữ dễ nhầm được đọc là chữ số',
  date: 'Dấu ngăn hoặc chữ số được đọc lại theo dạng ngày tháng',
  list: 'Gần nhất trong danh mục',
  numberWords: 'Từ gần nhất trong các từ chỉ số',
  letters: 'Tên chỉ gồm chữ cái',
  names: 'Họ và tên đệm theo cách viết thường gặp',
  words: 'Dấu thanh theo địa danh hoặc cụm từ quen dùng',
  wordsAgree: 'Ngày bằng chữ và bằng số khớp nhau',
  wordsDiffer: 'Ngày bằng chữ và bằng số khác nhau',
  split: 'Tách từ một dòng viết chung',
};

const rule = (name: string | undefined): AppliedRule[] =>
  name ? [{ rule: name, says: SAYS[name] ?? name }] : [];

/** Repairs a reading by what the field's kind allows. */
function repair(field: RegisterField, text: string): Repaired {
  switch (field.kind) {
    case 'registrationNumber':
    case 'bookNumber':
    case 'pageNumber':
    case 'integer':
    case 'personalId':
      return asDigits(text);
    case 'documentNumber': {
      // A passport's number begins with a letter.
      const [, letter, rest] = /^([A-Z]) ?(.{6,})$/u.exec(trimResidue(text)) ?? [];
      if (!letter || !rest) return asDigits(text);
      const digits = asDigits(rest);
      return { ...digits, text: letter + digits.text };
    }
    case 'date':
    case 'partialDate':
      return asDate(text);
    case 'dateInWords':
      return asDateWords(text);
    case 'code':
      return asListed(text, field.list!);
    case 'name':
      return then(asName(text), repairName);
    case 'place':
      return repairPlace(text);
    default:
      return field.list ? asListed(text, field.list, true) : repairPhrase(text);
  }
}

/** A second repair on the outcome of the first. */
function then(first: Repaired, second: (text: string) => Repaired): Repaired {
  const next = second(first.text);
  return { text: next.text, rule: next.rule ?? first.rule, support: first.support * next.support };
}

/**
 * Decides what the machine puts before people: the ink's reading, repaired by what a field of its
 * kind can be. It never fills what was not read: blank stays blank, unread stays open, and a rule
 * without ink has no value.
 */
export function prefill(input: {
  readonly readings: Readings;
  readonly form: Form;
  readonly register: Register;
  readonly book: Pick<Book, 'number' | 'place'>;
  readonly pageId: PageId;
}): FieldValues {
  const { readings, form, register, pageId } = input;
  const items = itemsOf(form);
  const values: FieldValues = {};
  const dateParts = new Map<string, Map<string, BlankReading>>();

  const evidence = (
    box: Box,
    confidence?: number,
    rules: AppliedRule[] = [],
    source = readings.reader,
  ): Evidence => ({
    source,
    pageId,
    box,
    ...(confidence === undefined ? {} : { confidence }),
    candidates: [],
    rules,
  });

  const put = (key: string, reading: BlankReading, text: string, rules: AppliedRule[] = []) => {
    // Candidates are texts of the whole blank; a part of a split has none.
    const whole = text === reading.text;
    const field = register.fields[key]!;
    if (reading.state === 'blank') {
      values[key] = { state: 'blank', evidence: evidence(reading.box, calibrate('blank', 0.99)) };
      return;
    }
    const fixed = repair(field, text);
    if (fixed.text === '') return; // ink that says nothing: open, for a person
    const normalized = reading.state === 'written' ? normalize(field, fixed.text) : undefined;
    const { reader } = reading;
    const group = FIELD_KINDS[field.kind].group;
    const belief = beliefOf(reading.words) * fixed.support * (normalized === undefined ? 0.5 : 1);
    const read = trimResidue(text);
    const others: Candidate[] = [
      { text: read, probability: beliefOf(reading.words) * (1 - fixed.support) },
      ...(whole ? reading.candidates : []),
    ];
    if (whole && reading.second) {
      const other = repair(field, textOf(reading.second.words)).text;
      const probability = calibrate(group, beliefOf(reading.second.words), reading.second.reader);
      others.push({ text: other, probability });
    }
    values[key] = {
      state: reading.state,
      text: fixed.text,
      ...(normalized === undefined ? {} : { normalized }),
      evidence: {
        ...evidence(
          reading.box,
          calibrate(group, belief, reader),
          [...rules, ...rule(fixed.rule)],
          reader,
        ),
        candidates: distinct(others, fixed.text),
      },
    };
  };

  for (const reading of readings.blanks) {
    const item = items[reading.item];
    if (!item || !isBlank(item)) continue;
    const [key] = item.blank as [string];
    if (item.part) {
      const parts = dateParts.get(key) ?? new Map<string, BlankReading>();
      parts.set(item.part, reading);
      dateParts.set(key, parts);
    } else if (item.split === 'nameAndPosition') {
      const [name, position] = item.blank as [string, string];
      const split = nameAndPosition(reading.text);
      put(name, reading, split.name, rule('split'));
      put(position, reading, split.position, rule('split'));
    } else if (item.split === 'identityDocument') {
      const split = identityDocument(reading.text);
      const texts = [split.kind, split.number, split.issued, split.issuer];
      for (const [i, k] of item.blank.entries()) put(k, reading, texts[i] ?? '', rule('split'));
    } else if (item.split === 'timeAndDate') {
      const [time, date] = item.blank as [string, string];
      const split = timeAndDate(reading.text);
      put(time, reading, split.time, rule('split'));
      put(date, reading, split.date, rule('split'));
    } else {
      put(key, reading, reading.text);
    }
  }

  for (const [key, parts] of dateParts) {
    const field = register.fields[key]!;
    const timed = parts.has('hour');
    const all = (timed ? ['hour', 'minute'] : ['day', 'month', 'year']).map((p) => parts.get(p));
    const box = union([...parts.values()].map((r) => r.box))!;
    if (all.every((r) => r?.state === 'blank')) {
      values[key] = { state: 'blank', evidence: evidence(box, calibrate('blank', 0.99)) };
      continue;
    }
    if (all.some((r) => r?.state !== 'written')) continue;
    const written = all as BlankReading[];
    const [first = '', second = '', third = ''] = written.map((r) => r.text);
    const joined = timed ? joinTime(first, second) : joinDate(first, second, third);
    if (!joined) continue;
    const { text } = joined;
    const normalized = normalize(field, text);
    const belief = Math.min(...written.map((r) => beliefOf(r.words))) * joined.support;
    const { reader } = written[0]!;
    values[key] = {
      state: 'written',
      text,
      ...(normalized === undefined ? {} : { normalized }),
      evidence: evidence(
        box,
        calibrate(FIELD_KINDS[field.kind].group, belief, reader),
        rule(joined.rule),
        reader,
      ),
    };
  }

  for (const reading of readings.choices) {
    const item = items[reading.item];
    if (!item || !isChoice(item)) continue;
    const value = choose(item, reading, register.fields[item.choice]!);
    if (value)
      values[item.choice] = { ...value, evidence: evidence(reading.box, value.confidence) };
  }

  agreeOnDates(values, register);

  for (const key of form.fromBook) {
    const text = key === 'quyenSo' ? input.book.number : input.book.place;
    values[key] = {
      state: 'written',
      text,
      normalized: normalize(register.fields[key]!, text) ?? text,
      evidence: { source: 'book', candidates: [], rules: [] },
    };
  }
  for (const key of fieldsNotOnForm(form, register))
    values[key] = { state: 'notOnForm', evidence: { source: 'form', candidates: [], rules: [] } };
  return values;
}

/** At most four other readings, best first, each text once. */
function distinct(candidates: readonly Candidate[], taken: string): Candidate[] {
  const seen = new Set(['', taken]);
  return [...candidates]
    .sort((a, b) => b.probability - a.probability)
    .filter(({ text }) => !seen.has(text) && seen.add(text))
    .slice(0, 4);
}

/** From this strength on a mark is there; between the two, a person looks. */
const MARKED = 0.6;
const UNMARKED = 0.3;
/** An unclear mark counts where nothing at all is at the other options. */
const BARE = 0.1;

function choose(
  item: {
    choice: string;
    mark: 'strike' | 'tick';
    options: readonly { text: string; code: string }[];
  },
  reading: ChoiceReading,
  field: RegisterField,
): (Pick<FieldValue, 'state' | 'text' | 'normalized'> & { confidence: number }) | undefined {
  const clear = reading.options.filter((o) => o.strength >= MARKED);
  const unclear = reading.options.filter((o) => o.strength > UNMARKED && o.strength < MARKED);
  const alone =
    clear.length === 0 &&
    unclear.length === 1 &&
    reading.options.every((o) => o === unclear[0] || o.strength <= BARE);
  const marked = alone ? unclear : clear;
  const sure = unclear.length === 0 ? 0.97 : alone ? 0.9 : 0.6;
  // A tick names the option; a strike names the others.
  const chosen = item.mark === 'tick' ? marked : reading.options.filter((o) => !marked.includes(o));
  if (marked.length === 0)
    return unclear.length === 0
      ? { state: 'blank', confidence: calibrate('blank', 0.95) }
      : undefined;
  if (chosen.length !== 1 || reading.options.length !== item.options.length) return undefined;
  const { code } = chosen[0]!;
  const text = item.options.find((o) => o.code === code)?.text ?? labelOf(field.list ?? '', code);
  return { state: 'written', text, normalized: code, confidence: calibrate('list', sure) };
}

/**
 * A date in words repeats the date in figures. Where both were read they support or warn against
 * each other; neither ever fills the other.
 */
function agreeOnDates(values: FieldValues, register: Register) {
  for (const { rule: name, fields } of register.rules) {
    if (name !== 'wordsAgree') continue;
    const [figuresKey, wordsKey] = fields as [string, string];
    const figures = values[figuresKey];
    const words = values[wordsKey];
    if (figures?.state !== 'written' || words?.state !== 'written') continue;
    const a = parseDate(figures.text ?? '');
    const b = wordsToDate(words.text ?? '');
    if (!a || !b) continue;
    const agree = formatDate(a) === formatDate(b);
    for (const key of [figuresKey, wordsKey]) {
      const value = values[key]!;
      const confidence = value.evidence.confidence ?? 0.5;
      values[key] = {
        ...value,
        evidence: {
          ...value.evidence,
          confidence: agree ? 1 - (1 - confidence) * 0.2 : confidence * 0.6,
          rules: [...value.evidence.rules, ...rule(agree ? 'wordsAgree' : 'wordsDiffer')],
        },
      };
    }
  }
}
