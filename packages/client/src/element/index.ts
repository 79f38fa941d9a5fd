import { TandemLogin } from './tandem-login.ts';

export { TandemLogin };

declare global {
  interface HTMLElementTagNameMap {
    'tandem-login': TandemLogin;
  }
}

customElements.define('tandem-login', TandemLogin);
