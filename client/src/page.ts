/** The HTML of the simulation page: no content of its own, one script, one style sheet, nothing else allowed. Knows no editor. */
import { randomBytes } from 'node:crypto';

export interface PageParts {
  readonly nonce: string;
  /** Where the editor serves the extension's files from, as a CSP source. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
}

/** A fresh nonce for one page. */
export const newNonce = (): string => randomBytes(16).toString('hex');

/** The page, ready for a webview. */
export function pageHtml({ nonce, source, script, style }: PageParts): string {
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}';`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulation</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
