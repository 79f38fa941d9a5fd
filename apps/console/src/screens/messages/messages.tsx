import type { DeliveryDto } from '../../contract.ts';
import { Section } from '../../ui/section.tsx';
import { DeliveryTable } from './delivery-table.tsx';

interface Props {
  readonly title: string;
  readonly empty: string;
  readonly deliveries: readonly DeliveryDto[];
}

export const Messages = ({ title, empty, deliveries }: Props) => (
  <Section title={title}>
    <DeliveryTable caption={title} deliveries={deliveries} empty={empty} />
  </Section>
);
