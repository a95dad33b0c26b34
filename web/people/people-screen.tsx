import { Button, Checkbox, Group, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type {
  NewOrganisationRequest,
  NewPersonRequest,
  OrganisationAnswer,
  PersonAnswer,
  SessionAnswer,
} from '../../api/contract.ts';
import {
  useChangePerson,
  useNewOrganisation,
  useNewPerson,
  useOrganisations,
  usePeople,
} from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';

type Role = PersonAnswer['roles'][number];
const ROLES: readonly Role[] = [
  'administrator',
  'intake',
  'keyer',
  'checker',
  'approver',
  'viewer',
];
const KINDS = ['digitisingUnit', 'managingUnit', 'district', 'justiceDepartment'] as const;

/** Everybody with their organisation, roles and whether they may work. */
export function PeopleScreen({ session }: { readonly session: SessionAnswer }) {
  const texts = useTexts();
  const people = usePeople();
  const organisations = useOrganisations();
  const [open, setOpen] = useState<PersonAnswer | 'person' | 'organisation'>();
  const failed = [people, organisations].find((q) => q.isError);
  if (failed)
    return (
      <div className="screen">
        <Trouble error={failed.error} again={() => void failed.refetch()} />
      </div>
    );
  if (!people.data || !organisations.data) return <p className="loading">{texts.loading}</p>;
  const units = organisations.data.items;
  const nameOf = (id: string) => units.find((o) => o.id === id)?.name ?? '';
  const close = () => setOpen(undefined);
  return (
    <div className="screen">
      <Group justify="space-between" className="bar">
        <h1>{texts.people}</h1>
        <Group gap="xs">
          <Button variant="default" onClick={() => setOpen('organisation')}>
            {texts.newOrganisation}
          </Button>
          <Button onClick={() => setOpen('person')}>{texts.newPerson}</Button>
        </Group>
      </Group>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{texts.login}</th>
            <th scope="col">{texts.fullName}</th>
            <th scope="col">{texts.organisation}</th>
            <th scope="col">{texts.roles}</th>
            <th scope="col">{texts.statusLabel}</th>
            <th scope="col">
              <span className="unseen">{texts.change}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.data.items.map((person) => (
            <tr key={person.id} className={person.active ? '' : 'inactive'}>
              <td className="strong">{person.login}</td>
              <td>{person.name}</td>
              <td>{nameOf(person.organisationId)}</td>
              <td>{person.roles.map((role) => texts.roleNames[role]).join(', ')}</td>
              <td>{person.active ? texts.activePerson : texts.inactivePerson}</td>
              <td>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`${texts.change}: ${person.name}`}
                  onClick={() => setOpen(person)}
                >
                  {texts.change}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open === 'person' && <NewPerson units={units} onClose={close} />}
      {open === 'organisation' && <NewOrganisation onClose={close} />}
      {typeof open === 'object' && (
        <ChangePerson person={open} own={open.id === session.person.id} onClose={close} />
      )}
    </div>
  );
}

function RolesInput({
  roles,
  onChange,
}: {
  readonly roles: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
}) {
  const texts = useTexts();
  return (
    <fieldset className="roles">
      <legend>{texts.roles}</legend>
      {ROLES.map((role) => (
        <Checkbox
          key={role}
          label={texts.roleNames[role]}
          description={texts.roleHelp[role]}
          checked={roles.includes(role)}
          onChange={(event) =>
            onChange(
              event.currentTarget.checked ? [...roles, role] : roles.filter((r) => r !== role),
            )
          }
        />
      ))}
    </fieldset>
  );
}

/** A form in a dialog: fields, what went wrong, save and cancel. */
function Sheet({
  title,
  busy,
  error,
  onSave,
  onClose,
  children,
}: {
  readonly title: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSave: () => void;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
}) {
  const texts = useTexts();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} className="sheet">
        {children}
        {error !== null && error !== undefined && <Trouble error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {texts.save}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

function NewPerson({
  units,
  onClose,
}: {
  readonly units: readonly OrganisationAnswer[];
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const create = useNewPerson();
  const [values, setValues] = useState({ login: '', name: '', password: '' });
  const [unit, setUnit] = useState<string>(units[0]?.id ?? '');
  const [roles, setRoles] = useState<readonly Role[]>(['keyer']);
  const set = (key: keyof typeof values) => (event: { currentTarget: { value: string } }) =>
    setValues({ ...values, [key]: event.currentTarget.value });
  return (
    <Sheet
      title={texts.newPerson}
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSave={() =>
        create.mutate(
          {
            ...values,
            roles: [...roles],
            organisationId: unit as NewPersonRequest['organisationId'],
          },
          { onSuccess: onClose },
        )
      }
    >
      <TextInput
        label={texts.login}
        description={texts.loginHelp}
        pattern="[a-z0-9._\-]{2,40}"
        required
        withAsterisk={false}
        autoComplete="off"
        value={values.login}
        onChange={set('login')}
      />
      <TextInput
        label={texts.fullName}
        required
        withAsterisk={false}
        maxLength={100}
        value={values.name}
        onChange={set('name')}
      />
      <NativeSelect
        label={texts.organisation}
        data={units.map((o) => ({ value: o.id, label: o.name }))}
        value={unit}
        onChange={(event) => setUnit(event.currentTarget.value)}
      />
      <PasswordInput
        label={texts.password}
        description={texts.passwordHelp}
        minLength={8}
        required
        withAsterisk={false}
        autoComplete="new-password"
        value={values.password}
        onChange={set('password')}
      />
      <RolesInput roles={roles} onChange={setRoles} />
    </Sheet>
  );
}

function ChangePerson({
  person,
  own,
  onClose,
}: {
  readonly person: PersonAnswer;
  readonly own: boolean;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const change = useChangePerson();
  const [roles, setRoles] = useState<readonly Role[]>(person.roles);
  const [active, setActive] = useState(person.active);
  const [password, setPassword] = useState('');
  const [noCode, setNoCode] = useState(false);
  const [unlock, setUnlock] = useState(false);
  return (
    <Sheet
      title={`${person.name} (${person.login})`}
      busy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSave={() =>
        change.mutate(
          {
            id: person.id,
            change: {
              roles: [...roles],
              active,
              ...(password === '' ? {} : { password }),
              ...(noCode ? { totp: false as const } : {}),
              ...(unlock ? { locked: false as const } : {}),
            },
          },
          { onSuccess: onClose },
        )
      }
    >
      <RolesInput roles={roles} onChange={setRoles} />
      <Checkbox
        label={texts.activePerson}
        description={texts.inactiveHelp}
        checked={active}
        disabled={own}
        onChange={(event) => setActive(event.currentTarget.checked)}
      />
      <PasswordInput
        label={texts.newPassword}
        description={texts.newPasswordHelp}
        minLength={8}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Checkbox
        label={texts.removeCode}
        description={texts.removeCodeHelp}
        checked={noCode}
        onChange={(event) => setNoCode(event.currentTarget.checked)}
      />
      <Checkbox
        label={texts.unlock}
        description={texts.unlockHelp}
        checked={unlock}
        onChange={(event) => setUnlock(event.currentTarget.checked)}
      />
    </Sheet>
  );
}

function NewOrganisation({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const create = useNewOrganisation();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<NewOrganisationRequest['kind']>('managingUnit');
  return (
    <Sheet
      title={texts.newOrganisation}
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSave={() => create.mutate({ name, kind }, { onSuccess: onClose })}
    >
      <TextInput
        label={texts.organisationName}
        required
        withAsterisk={false}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={texts.organisationKind}
        data={KINDS.map((value) => ({ value, label: texts.organisationKinds[value] }))}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as typeof kind)}
      />
    </Sheet>
  );
}
