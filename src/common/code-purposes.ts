/** What a code may be for beside logins. Its message says so, in every language. */
export type CodePurpose = 'mobile_change' | 'deletion';
