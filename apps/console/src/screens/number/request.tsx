import { useRoute } from 'preact-iso/router';
import { Diagnosis } from '../../diagnosis/diagnosis.tsx';
import { useLoad } from '../../load.ts';
import { Screen } from '../../ui/screen.tsx';
import { Shown } from '../../ui/shown.tsx';
import { words } from '../../words/words.ts';
import { search } from '../find/finding.ts';
import { Found } from '../find/found.tsx';

/** One request, by the id that stands in every error. */
export default function RequestScreen() {
  const { id = '' } = useRoute().params;
  const { request: text } = words.value;
  const found = useLoad(id, () => search(id));
  return (
    <Screen title={text.title} lead={<code>{id}</code>}>
      <Diagnosis
        subject={{ request_id: id }}
        user={found.data?.users[0]}
        numberRef={found.data?.number_refs[0]}
        onActed={found.reload}
      />
      <Shown loaded={found}>{(data) => <Found found={{ ...data, has_more: false }} />}</Shown>
    </Screen>
  );
}
