import type { PoolClient } from 'pg';
import {
  Action,
  ActionContent,
  type ActionContent as Content,
  hashAction,
  NO_HASH,
} from '../actions.ts';
import { Failure } from '../failures.ts';
import type { Form } from '../forms/define.ts';
import type { OrganisationId, PersonId, RecordId } from '../ids.ts';
import { apply, type RecordState } from '../record.ts';
import type { Register } from '../registers/define.ts';
import { type Database, jsonb, parseRows, storableJson, violated } from './database.ts';
import { writeNames } from './names.ts';
import { project } from './projection.ts';

const COLUMNS = 'record_id, version, person_id, organisation_id, at, seen, content, previous, hash';

/** The actions of a record, parsed. */
export async function readLog(database: Database, id: RecordId): Promise<Action[]> {
  const { rows } = await database.query(
    `select ${COLUMNS} from actions where record_id = $1 order by version`,
    [id],
  );
  return parseRows(Action, rows);
}

/**
 * The actions of several records as they lie in the database. The content is not parsed: a chain of
 * hashes must hold for what is stored, whatever a later schema adds or leaves out.
 */
export async function readRawLogs(
  database: Database,
  ids: readonly RecordId[],
): Promise<Map<RecordId, Action[]>> {
  const { rows } = await database.query(
    `select ${COLUMNS} from actions where record_id = any($1::uuid[]) order by record_id, version`,
    [ids],
  );
  const logs = new Map<RecordId, Action[]>(ids.map((id) => [id, []]));
  for (const row of rows) {
    logs.get(row.record_id)?.push({
      recordId: row.record_id,
      version: row.version,
      personId: row.person_id,
      organisationId: row.organisation_id,
      at: row.at,
      seen: row.seen,
      content: row.content,
      previous: row.previous,
      hash: row.hash,
    });
  }
  return logs;
}

/** What the triggers refuse although the program let it pass, as an answer to people. */
function asFailure(error: unknown): unknown {
  switch (violated(error)) {
    case 'actions_four_eyes':
      return new Failure('fourEyes', undefined, { cause: error });
    case 'actions_person':
      return new Failure('forbidden', 'no active person of this organisation', { cause: error });
    case 'actions_organisation':
      return new Failure('forbidden', 'another kind of organisation needed', { cause: error });
    case 'actions_deviation':
      return new Failure('openDeviation', undefined, { cause: error });
    case 'actions_order':
      return new Failure('notAllowedNow', undefined, { cause: error });
    case 'actions_version':
    case 'actions_gapless':
    case 'actions_chain':
      return new Failure('conflict', undefined, { cause: error });
    default:
      return error;
  }
}

/**
 * Writes the next action of a record and brings its row up to date. The caller's transaction holds
 * the record's row and gives the state that the log adds up to.
 */
export async function writeAction(
  client: PoolClient,
  record: { readonly id: RecordId; readonly form: Form; readonly register: Register },
  state: RecordState,
  author: { readonly id: PersonId; readonly organisationId: OrganisationId } | null,
  content: Content,
): Promise<RecordState> {
  const unsigned = {
    recordId: record.id,
    version: state.version + 1,
    personId: author?.id ?? null,
    organisationId: author?.organisationId ?? null,
    at: new Date(),
    seen: state.version,
    content: ActionContent.parse(storableJson(content)) as Content,
    previous: state.version === 0 ? NO_HASH : state.head,
  };
  const action: Action = { ...unsigned, hash: hashAction(unsigned) };
  try {
    await client.query(
      `insert into actions (${COLUMNS}, type) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        action.recordId,
        action.version,
        action.personId,
        action.organisationId,
        action.at,
        action.seen,
        jsonb(action.content),
        action.previous,
        action.hash,
        action.content.type,
      ],
    );
  } catch (error) {
    throw asFailure(error);
  }
  const next = apply(state, action);
  await writeProjection(client, record, next);
  return next;
}

async function writeProjection(
  client: PoolClient,
  record: { readonly id: RecordId; readonly form: Form; readonly register: Register },
  state: RecordState,
): Promise<void> {
  const row = project(state, record.form, record.register);
  await client.query(
    `update records
        set status = $2, version = $3, head = $4, field_values = $5, keyers = $6,
            keyer_organisations = $7, checker = $8, names = $9, number = $10, registered = $11,
            doubtful = $12, search = $13, first_keyers = $14, second_keyer = $15,
            arbiters = $16, values_version = $17, registered_on = $18, updated_at = now()
      where id = $1`,
    [
      record.id,
      row.status,
      row.version,
      row.head,
      jsonb(row.values),
      row.keyers,
      row.keyerOrganisations,
      row.checker,
      row.names,
      row.number,
      row.registered,
      row.doubtful,
      row.search,
      row.firstKeyers,
      row.secondKeyer,
      row.arbiters,
      row.valuesVersion,
      row.registeredOn,
    ],
  );
  await writeNames(client, record.id, row.people);
}
