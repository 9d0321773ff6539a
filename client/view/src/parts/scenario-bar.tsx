/** The scenario at a glance: kernel, and length, offset, protection and sharing of a mapping; and what the program does next. */
import { useState } from 'preact/hooks';
import { offeredKernels } from '../../../../server/src/protocol/kernels.ts';
import {
  appendStatements,
  kernelOf,
  type MappingField,
  type MappingLine,
  mappingLines,
  protections,
  setKernel,
  setMappingField,
  sharings,
} from '../scenario-edit.ts';
import { userActions } from '../user-actions.ts';

interface Properties {
  /** The scenario as it stands in the page, run or not. */
  readonly text: string;
  /** The kernel of the last run, for a scenario that names none. */
  readonly kernel: string;
  readonly change: (text: string) => void;
  readonly run: (text: string) => void;
}

export function ScenarioBar({ text, kernel, change, run }: Properties) {
  const [chosen, choose] = useState(0);
  const mappings = mappingLines(text);
  const mapping = mappings[chosen] ?? mappings[0];
  return (
    <form
      class="bar"
      aria-label="Scenario bar"
      onSubmit={(event) => {
        event.preventDefault();
        run(text);
      }}
    >
      <label>
        Linux
        <input
          class="short"
          list="kernels"
          spellcheck={false}
          value={kernelOf(text) ?? kernel}
          onChange={(event) => change(setKernel(text, event.currentTarget.value.trim()))}
        />
      </label>
      <datalist id="kernels">
        {offeredKernels.map((version) => (
          <option key={version} value={version} />
        ))}
      </datalist>
      {mappings.length > 1 && (
        <label>
          Mapping
          <select value={mapping ? mappings.indexOf(mapping) : 0} onChange={(event) => choose(Number(event.currentTarget.value))}>
            {mappings.map(({ name, index }, position) => (
              <option key={index} value={position}>
                {`${name === '' ? 'mmap' : name}, line ${index + 1}`}
              </option>
            ))}
          </select>
        </label>
      )}
      {mapping && <MappingFields mapping={mapping} change={(field, value) => change(setMappingField(text, mapping, field, value))} />}
      <button type="submit">Run</button>
      <NextAction mapping={mapping?.name ?? ''} text={text} run={run} />
    </form>
  );
}

interface FieldProperties {
  readonly mapping: MappingLine;
  readonly change: (field: MappingField, value: string) => void;
}

function MappingFields({ mapping, change }: FieldProperties) {
  return (
    <>
      <Field title="Length" value={mapping.length} change={(value) => change('length', value)} />
      <Field title="Offset" value={mapping.offset} change={(value) => change('offset', value)} />
      <Choice title="Protection" value={mapping.protection} values={protections} change={(value) => change('protection', value)} />
      <Choice title="Kind" value={mapping.sharing} values={sharings} change={(value) => change('sharing', value)} />
    </>
  );
}

function Field({ title, value, change }: { readonly title: string; readonly value: string; readonly change: (value: string) => void }) {
  return (
    <label>
      {title}
      <input
        class="short"
        spellcheck={false}
        title="A number of bytes, or with a unit: 4p (pages), 16K, 1M, 0x4000"
        value={value}
        onChange={(event) => change(event.currentTarget.value.trim())}
      />
    </label>
  );
}

interface ChoiceProperties {
  readonly title: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly change: (value: string) => void;
}

function Choice({ title, value, values, change }: ChoiceProperties) {
  return (
    <label>
      {title}
      <select value={value} onChange={(event) => change(event.currentTarget.value)}>
        {(values.includes(value) ? values : [value, ...values]).map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Adds what the program does next to the end of the scenario, and runs it. */
function NextAction({ mapping, text, run }: { readonly mapping: string; readonly text: string; readonly run: (text: string) => void }) {
  const [chosen, choose] = useState(0);
  const action = userActions[chosen];
  return (
    <>
      <label>
        Next
        <select value={chosen} onChange={(event) => choose(Number(event.currentTarget.value))}>
          {userActions.map(({ title }, index) => (
            <option key={title} value={index}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="secondary"
        disabled={mapping === '' || !action}
        onClick={() => action && run(appendStatements(text, action.statements(mapping, text)))}
      >
        Add and run
      </button>
    </>
  );
}
