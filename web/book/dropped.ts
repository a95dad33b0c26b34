/** True for what the API takes; the browser does not always know the type. */
export const isPdf = (file: File) =>
  file.type === 'application/pdf' || file.name.toLowerCase().endsWith('.pdf');

/** The entries of a folder come in parts, the last one empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return all;
    all.push(...part);
  }
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      ),
    ];
  const inside = await entriesOf(entry as FileSystemDirectoryEntry);
  inside.sort((a, b) => a.name.localeCompare(b.name, 'vi', { numeric: true }));
  const files: File[] = [];
  for (const child of inside) files.push(...(await filesIn(child)));
  return files;
}

/**
 * The PDFs of a drop, folders and what is in them included, each folder in the order of its names,
 * numbers by their value.
 */
export async function filesOf(dropped: DataTransfer): Promise<readonly File[]> {
  // Both are empty once this event is over.
  const entries = [...dropped.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const plain = [...dropped.files];
  if (entries.length === 0) return plain.filter(isPdf);
  const files: File[] = [];
  for (const entry of entries) files.push(...(await filesIn(entry)));
  return files.filter(isPdf);
}
