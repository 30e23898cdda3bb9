import * as z from 'zod';

// Must run before any schema is built: zod otherwise tries `new Function`, which the content security policy reports.
z.config({ jitless: true });
