/** The keys of the page, as a list that can always be seen. */

export const keys: readonly (readonly [readonly string[], string])[] = [
  [['←', '→'], 'one step back or forth'],
  [['Shift ←', 'Shift →'], 'to the fault or problem before or after'],
  [['F'], 'to the next fault or problem'],
  [['Home', 'End'], 'to the first or last step'],
  [['Space'], 'play, and stop'],
  [['Enter'], 'to the line of the step in the editor'],
  [['?'], 'open and close this list'],
];

export function KeyHelp({ open, toggle }: { readonly open: boolean; readonly toggle: (open: boolean) => void }) {
  return (
    <details class="keys" open={open} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>Keys</summary>
      <dl>
        {keys.map(([names, meaning]) => (
          <div key={meaning}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
