export class LiveDto {
  status!: 'ok';
}

export class ReadyDto extends LiveDto {
  database!: 'up';
  /** `unused` where none is configured; `down` while the node does without. */
  redis!: 'unused' | 'up' | 'down';
}
