import { useMemo } from 'react';
import type { ToolView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';

const t = en.tools.detail;

/**
 * What a server says about a tool, whole and as plain text: nothing is cut, no markup or address in it comes to life, and
 * its icons are not even here.
 */
export function ToolDefinition({ tool }: { tool: ToolView }) {
  return (
    <div className="flex flex-col gap-3">
      {tool.title !== null && <Part label={t.title} text={tool.title} />}
      {tool.description === null || tool.description === '' ? (
        <div>
          <h4 className="text-muted">{t.description}</h4>
          <p>{t.noDescription}</p>
        </div>
      ) : (
        <Part label={t.description} text={tool.description} />
      )}
      <JsonPart label={t.input} value={tool.inputSchema} />
      {tool.outputSchema !== null && <JsonPart label={t.output} value={tool.outputSchema} />}
      {tool.annotations === null ? (
        <div>
          <h4 className="text-muted">{t.annotations}</h4>
          <p>{t.noAnnotations}</p>
        </div>
      ) : (
        <JsonPart label={t.annotations} value={tool.annotations} />
      )}
    </div>
  );
}

function JsonPart({ label, value }: { label: string; value: unknown }) {
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? 'null', [value]);
  return <Part label={label} text={text} />;
}

function Part({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <h4 className="text-muted">{label}</h4>
      <div data-definition={label} className="mt-1 rounded-md border border-line bg-ground px-3 py-2">
        <Untrusted block text={text} />
      </div>
    </div>
  );
}
