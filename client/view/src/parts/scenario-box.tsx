/** The text of the scenario, to be changed and run again. Without `run` it can only be read: the trace comes from a file. */

interface Properties {
  readonly text: string;
  readonly change: (text: string) => void;
  readonly run: ((text: string) => void) | undefined;
}

export function ScenarioBox({ text, change, run }: Properties) {
  return (
    <section aria-label="Scenario">
      <h2>Scenario</h2>
      <textarea
        aria-label="Scenario text"
        spellcheck={false}
        readOnly={run === undefined}
        rows={Math.min(text.split('\n').length + 1, 20)}
        value={text}
        onInput={(event) => change(event.currentTarget.value)}
      />
      {run && (
        <p>
          <button type="button" onClick={() => run(text)}>
            Run this scenario
          </button>
        </p>
      )}
    </section>
  );
}
