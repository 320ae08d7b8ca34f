import { expect, type Locator, type Page } from '@playwright/test';

/** The player of a recording. */
export class Player {
  readonly region: Locator;
  readonly slider: Locator;

  constructor(private readonly page: Page) {
    this.region = page.getByRole('region', { name: 'Player' });
    this.slider = this.region.getByRole('slider', { name: 'Place in the recording' });
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.isReady();
  }

  /** The first screen is there. */
  async isReady(): Promise<void> {
    await expect(this.region).toHaveAttribute('data-ready', '');
  }

  async shows(words: string | RegExp): Promise<void> {
    await expect(this.screen()).toContainText(words);
  }

  async doesNotShow(words: string | RegExp): Promise<void> {
    await expect(this.screen()).not.toContainText(words);
  }

  screen(): Locator {
    return this.region.locator('.xterm-rows');
  }

  /** Where it is, in whole seconds. */
  async second(): Promise<number> {
    return Number(await this.slider.inputValue());
  }

  async seek(second: number): Promise<void> {
    await this.slider.fill(String(second));
    await expect(this.slider).toHaveValue(String(second));
  }

  button(name: string | RegExp): Locator {
    return this.region.getByRole('button', { name });
  }

  /** The transcript beside it. */
  line(words: string): Locator {
    return this.page.getByRole('group', { name: 'Lines' }).getByRole('listitem').filter({ hasText: words });
  }
}
