/** Writes docs/settings.md from the schema of the settings: `node scripts/settings-page.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsPage } from '../main/core/settings/page.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'settings.md'), settingsPage());
