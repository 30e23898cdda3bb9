import { MapPinOff } from 'lucide-react';
import { useLocation } from 'wouter';
import { en } from '../../shared/text/en.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Page } from '../ui/page.tsx';

export function NotFound() {
  const [, navigate] = useLocation();
  return (
    <Page title={en.app.name}>
      <Empty
        icon={MapPinOff}
        title={en.app.notFound.title}
        detail={en.app.notFound.detail}
        action={<Button onClick={() => navigate('/')}>{en.app.notFound.action}</Button>}
      />
    </Page>
  );
}
