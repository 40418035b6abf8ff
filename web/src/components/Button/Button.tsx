import type { AnchorHTMLAttributes, ButtonHTMLAttributes } from 'react';
import { Link } from '../../lib/router';
import { Icon, type IconName } from '../Icon/Icon';
import './Button.css';

type Kind = 'solid' | 'outline' | 'text' | 'danger';
type Size = 'large' | 'medium' | 'small';

interface Look {
  kind?: Kind;
  size?: Size;
  icon?: IconName;
}

function classes(kind: Kind, size: Size): string {
  return `button button-${kind} button-${size}`;
}

export function Button({
  kind = 'outline',
  size = 'medium',
  icon,
  className = '',
  children,
  type = 'button',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & Look) {
  return (
    <button type={type} className={`${classes(kind, size)} ${className}`} {...rest}>
      {icon && <Icon name={icon} size={size === 'small' ? 16 : 20} />}
      {children}
    </button>
  );
}

// A square button whose name is read out and shown as a tooltip.
export function IconButton({
  icon,
  label,
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { icon: IconName; label: string }) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

export function ButtonLink({
  kind = 'outline',
  size = 'medium',
  icon,
  download,
  children,
  href,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & Look & { href: string }) {
  const content = (
    <>
      {icon && <Icon name={icon} size={size === 'small' ? 16 : 20} />}
      {children}
    </>
  );
  if (download !== undefined)
    return (
      <a className={classes(kind, size)} href={href} download={download} {...rest}>
        {content}
      </a>
    );
  return (
    <Link className={classes(kind, size)} href={href} {...rest}>
      {content}
    </Link>
  );
}
