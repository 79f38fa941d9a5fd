import { Doc } from '../contract/docs';

export class LiveDto {
  @Doc({ enum: ['ok'] })
  status!: 'ok';
}

export class ReadyDto extends LiveDto {
  @Doc({ enum: ['up'] })
  database!: 'up';
  @Doc('`unused` where none is configured; `down` while the node does without.', {
    enum: ['unused', 'up', 'down'],
  })
  redis!: 'unused' | 'up' | 'down';
}
