/** Entry of the VS Code extension. */
export function activate(): void {}
