import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';

export interface Recording {
  /** All that was shown. */
  output: string;
  /** Length in seconds. */
  seconds: number;
  /** The status that the shell left, where it says one. */
  exit: string | undefined;
  columns: number;
}

/** Downloads a session's recording with the button on the page. */
export async function download(page: Page, session: string): Promise<Recording> {
  await page.goto('/recordings');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.locator(`#recording-${session}`).getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/\.cast$/);
  return parse(await readFile(await file.path(), 'utf8'));
}

/** Reads asciicast v3 (https://docs.asciinema.org/manual/asciicast/v3/). */
function parse(text: string): Recording {
  expect(text.endsWith('\n'), 'the last line is whole').toBe(true);
  const [header, ...lines] = text.trimEnd().split('\n');
  const { version, term } = JSON.parse(header ?? '');
  expect(version).toBe(3);
  const recording: Recording = { output: '', seconds: 0, exit: undefined, columns: term.cols };
  for (const line of lines.filter((line) => !line.startsWith('#'))) {
    const [interval, code, data] = JSON.parse(line);
    expect(interval).toBeGreaterThanOrEqual(0);
    expect(['o', 'i', 'm', 'r', 'x']).toContain(code);
    recording.seconds += interval;
    if (code === 'o') recording.output += data;
    if (code === 'x') recording.exit = data;
  }
  return recording;
}
