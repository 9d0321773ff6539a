/** Paths as text, with `/` alone: what following includes and looking above a file need. Touches no file system. */

/** The folder of a file, without the last `/`; empty for a bare name. */
export function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '' : slash === 0 ? '/' : file.slice(0, slash);
}

/** `folder/name` with `.` and `..` resolved. */
export function joinPath(folder: string, name: string): string {
  const parts: string[] = [];
  for (const part of (name.startsWith('/') ? name : `${folder}/${name}`).split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const isAbsolute = folder.startsWith('/') || name.startsWith('/');
  return (isAbsolute ? '/' : '') + parts.join('/');
}

/** The folders above a file, nearest first. */
export function foldersAbove(file: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === '/' || folder === folderOf(folder)) break;
  }
  return folders;
}
