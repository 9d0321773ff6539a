/** The settings in the manifest of the extension, made from the table that the server reads them by. */
import { settingProperties } from '../server/src/ide/setting-keys.ts';

/** The manifest with its settings up to date. */
export function withSettings(manifest: string): string {
  const old = JSON.parse(manifest);
  const { configuration } = old.contributes;
  const contributes = { ...old.contributes, configuration: { ...configuration, properties: settingProperties() } };
  return `${JSON.stringify({ ...old, contributes }, undefined, 2)}\n`;
}
