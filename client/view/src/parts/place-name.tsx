/** The name of a value of the driver, such as `file->private_data->base`, which a narrow column breaks behind an arrow and nowhere else. */
import { Fragment } from 'preact';

export function PlaceName({ name }: { readonly name: string }) {
  const [first, ...rest] = name.split('->');
  return (
    <code class="place">
      {first}
      {rest.map((member, index) => (
        <Fragment key={`${index} ${member}`}>
          {'->'}
          <wbr />
          {member}
        </Fragment>
      ))}
    </code>
  );
}
