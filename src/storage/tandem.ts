/** The name of our DataSource in Nest: beside it a host application has its own. `@InjectRepository(User, TANDEM)` asks for one of ours. */
export const TANDEM = 'tandem';
