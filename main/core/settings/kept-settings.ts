import type { Database } from '../ports.ts';
import type { LastGood } from './settings.ts';

/** The settings that were good last, kept in `state.db`: they hold no secrets, and a copy beside the file would be edited too. */
export function keptSettings(database: Database): LastGood {
  database.exec(
    'CREATE TABLE IF NOT EXISTS kept_settings (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL)',
  );
  return {
    get() {
      const row = database.prepare('SELECT text FROM kept_settings WHERE id = 1').get();
      return typeof row?.text === 'string' ? row.text : undefined;
    },
    set(text) {
      database
        .prepare(
          'INSERT INTO kept_settings (id, text) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text',
        )
        .run(text);
    },
  };
}
