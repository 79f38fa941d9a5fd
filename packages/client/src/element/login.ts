/** The script of the login page. */
import { PageLogin } from './page-login.ts';

customElements.define('tandem-login', PageLogin);
