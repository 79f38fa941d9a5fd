import { ErrorBoundary } from 'preact-iso/lazy';
import { Route, Router, useLocation } from 'preact-iso/router';
import { to } from '../place.ts';
import { may } from '../session/may.ts';
import { NotForYou } from './not-for-you.tsx';
import { NotHere } from './not-here.tsx';
import {
  Audit,
  Configuration,
  Find,
  NumberScreen,
  Operators,
  Overview,
  RequestScreen,
  SCREENS,
  Sessions,
  Sms,
  User,
  Webhook,
  Webhooks,
} from './screens.tsx';

/** The screen of the address. */
export function Routes() {
  const { path } = useLocation();
  const screen = Object.values(SCREENS).find((one) => path.startsWith(to(one.path)));
  if (screen && !may(screen.role)) return <NotForYou role={screen.role} />;
  return (
    <ErrorBoundary>
      <Router>
        <Route path={to('')} component={Overview} />
        <Route path={to('/overview')} component={Overview} />
        <Route path={to('/find')} component={Find} />
        <Route path={to('/users/:id')} component={User} />
        <Route path={to('/numbers/:id')} component={NumberScreen} />
        <Route path={to('/requests/:id')} component={RequestScreen} />
        <Route path={to('/sms')} component={Sms} />
        <Route path={to('/sessions')} component={Sessions} />
        <Route path={to('/audit')} component={Audit} />
        <Route path={to('/operators')} component={Operators} />
        <Route path={to('/webhooks')} component={Webhooks} />
        <Route path={to('/webhooks/:id')} component={Webhook} />
        <Route path={to('/configuration')} component={Configuration} />
        <Route default component={NotHere} />
      </Router>
    </ErrorBoundary>
  );
}
