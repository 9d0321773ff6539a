/** The settings in the manifest of the extension, made from the table that the server reads them by. */
import { settingProperties } from '../server/src/ide/setting-keys.ts';

/** The manifest with its settings up to date; the text as it is laid out when they are. */
export function withSettings(manifest: string): string {
  const old = JSON.parse(manifest);
  const { configuration } = old.contributes;
  const properties = settingProperties();
  if (JSON.stringify(configuration.properties) === JSON.stringify(properties)) return manifest;
  const contributes = { ...old.contributes, configuration: { ...configuration, properties } };
  return `${JSON.stringify({ ...old, contributes }, undefined, 2)}\n`;
}
