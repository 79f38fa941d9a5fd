import type { UserDetailsDto } from '../../contract.ts';
import { Badge } from '../../ui/badge.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';
import { mayActOn } from './may-act-on.ts';
import { Reveal } from './reveal.tsx';

export function About({ user }: { user: UserDetailsDto }) {
  const { user: text, status, find, nav } = words.value;
  const { profile } = user;
  return (
    <Section title={text.about} actions={<Link path={`/audit?user=${user.id}`}>{nav.audit}</Link>}>
      <Facts
        of={[
          [
            text.number,
            user.mobile && (
              <>
                <bdi class="digits">{user.mobile}</bdi> {mayActOn(user) && <Reveal user={user} />}
              </>
            ),
          ],
          [
            find.state,
            <Badge tone={user.status === 'active' ? 'good' : 'bad'}>{status[user.status]}</Badge>,
          ],
          [text.country, user.country],
          [text.username, bidi(user.username)],
          [text.roles, user.roles.join(', ')],
          [text.created, <Time at={user.created_at} />],
          [text.lastLogin, <Time at={user.last_login} />],
          [text.verified, <Time at={user.verified_at} />],
          [text.locale, bidi(profile.locale)],
          [text.timeZone, bidi(profile.time_zone)],
          [text.gender, profile.gender],
          [text.birthday, profile.birthday],
          [text.avatar, bidi(profile.avatar_url)],
          [text.introduction, bidi(profile.introduction)],
        ]}
      />
    </Section>
  );
}

/** Text of the user, whichever way it runs. */
const bidi = (value: string | null) => value && <bdi>{value}</bdi>;
