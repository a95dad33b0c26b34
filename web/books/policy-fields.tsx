import { Checkbox, Group, Radio, TextInput } from '@mantine/core';
import type { FormAnswer } from '../../api/contract.ts';
import { useLanguage } from '../text/language.tsx';
import { GROUPS, type PolicyInput, wrongIn } from './policy.ts';

const KINDS = ['single', 'fields', 'share', 'double'] as const;

/** How often records are keyed, who checks, and whether a sample is looked at before approval. */
export function PolicyFields({
  form,
  value,
  onChange,
}: {
  readonly form: FormAnswer | undefined;
  readonly value: PolicyInput;
  readonly onChange: (value: PolicyInput) => void;
}) {
  const { texts, language } = useLanguage();
  const wrong = wrongIn(value);
  const set = (change: Partial<PolicyInput>) => onChange({ ...value, ...change });
  const toggled = <T,>(list: readonly T[], item: T) =>
    list.includes(item) ? list.filter((x) => x !== item) : [...list, item];
  const number = (key: 'below' | 'share' | 'size' | 'accept', label: string) => (
    <TextInput
      label={label}
      inputMode="decimal"
      w={200}
      value={value[key]}
      maxLength={6}
      error={wrong.has(key) && texts.numberNeeded}
      onChange={(event) => set({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <Radio.Group
        label={texts.keying}
        value={value.kind}
        onChange={(kind) => set({ kind: kind as PolicyInput['kind'] })}
      >
        <div className="lines">
          {KINDS.map((kind) => (
            <Radio
              key={kind}
              value={kind}
              label={texts.keyings[kind]}
              description={texts.keyingHelp[kind]}
            />
          ))}
        </div>
      </Radio.Group>
      {value.kind === 'share' && number('share', texts.sharePercent)}
      {value.kind === 'fields' && (
        <fieldset className="sub">
          <legend>{texts.keyedTwice}</legend>
          <Group gap="sm">
            {GROUPS.map((group) => (
              <Checkbox
                key={group}
                label={texts.fieldGroups[group]}
                checked={value.groups.includes(group)}
                onChange={() => set({ groups: toggled(value.groups, group) })}
              />
            ))}
          </Group>
          <details>
            <summary>{texts.chosenFields(value.fields.length)}</summary>
            <div className="field-choice">
              {(form?.fields ?? []).map((field) => (
                <Checkbox
                  key={field.key}
                  size="xs"
                  label={field[language]}
                  checked={value.fields.includes(field.key)}
                  onChange={() => set({ fields: toggled(value.fields, field.key) })}
                />
              ))}
            </div>
          </details>
          {number('below', texts.confidenceBelow)}
          {wrong.has('groups') && (
            <p className="small warn" role="alert">
              {texts.chooseSome}
            </p>
          )}
        </fieldset>
      )}
      <Checkbox
        label={texts.otherOrganisation}
        checked={value.otherOrganisation}
        onChange={(event) => set({ otherOrganisation: event.currentTarget.checked })}
      />
      <Checkbox
        label={texts.sampled}
        description={texts.sampledHelp}
        checked={value.sampled}
        onChange={(event) => set({ sampled: event.currentTarget.checked })}
      />
      {value.sampled && (
        <Group align="flex-start">
          {number('size', texts.sampleSize)}
          {number('accept', texts.sampleAccept)}
        </Group>
      )}
    </>
  );
}
