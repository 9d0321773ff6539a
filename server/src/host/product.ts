/** Who we are, for `--version`, JSON reports and the server's greeting. */
import manifest from '../../package.json' with { type: 'json' };

export const productVersion: string = manifest.version;
